using Microsoft.AspNetCore.Components;
using WebhookConsole.Accounts;
using WebhookConsole.Audit;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Audit;

/// <summary>The audit log, filtered by the address, newest first.</summary>
public partial class AuditPage
{
    private const int PageSize = 50;

    private LoadState<IReadOnlyList<AuditEntry>> _entries = LoadState.Loading<IReadOnlyList<AuditEntry>>();
    private AuditFilter _filter = new();
    private string? _problem;
    private string? _unreadable;
    private Guid? _before;
    private Guid? _older;
    private AuditCheck? _check;

    [SupplyParameterFromQuery]
    public string? Action { get; set; }

    [SupplyParameterFromQuery]
    public string? Actor { get; set; }

    [SupplyParameterFromQuery]
    public string? Target { get; set; }

    [SupplyParameterFromQuery]
    public string? Since { get; set; }

    [SupplyParameterFromQuery]
    public string? Until { get; set; }

    [SupplyParameterFromQuery]
    public string? Scope { get; set; }

    /// <summary>Entries older than this one.</summary>
    [SupplyParameterFromQuery]
    public string? Before { get; set; }

    [Inject]
    private AuditQueries Audit { get; set; } = default!;

    private bool Owner => Page.May(Permission.ManageInstallation);

    private string? TargetName => _filter.Target is { } id ? _entries.Value?.FirstOrDefault(e => e.TargetId == id)?.TargetName ?? id.ToString() : null;

    protected override async Task LoadAsync()
    {
        bool installation = _filter.Installation;
        _problem = AuditFilter.Read(Action, Actor, Target, Since, Until, Scope, out _filter);
        AddressReader address = new();
        _before = address.Id("before", Before);
        _unreadable = address.Unreadable;
        if (installation != _filter.Installation)
        {
            _check = null;
        }

        if (_filter.Installation && !Owner)
        {
            return;
        }

        _entries = _entries with { Refreshing = true };
        _entries = await Page.ReadAsync(async actor =>
        {
            // Reading one more than is shown tells whether there are older ones, without counting them.
            AuditQuery page = _filter.PageOf(_before, PageSize + 1);
            IReadOnlyList<AuditEntry> rows = _filter.Installation
                ? await Audit.ReadInstallationAsync(actor, page, Page.Closing)
                : await Audit.ReadAsync(actor, Page.Project.Id, page, Page.Closing);
            _older = rows.Count > PageSize ? rows[PageSize - 1].Id : null;
            return (IReadOnlyList<AuditEntry>)rows.Take(PageSize).ToArray();
        });
    }

    private async Task CheckAsync() =>
        await Page.TryAsync(async actor =>
            _check = _filter.Installation
                ? await Audit.CheckInstallationAsync(actor, Page.Closing)
                : await Audit.CheckAsync(actor, Page.Project.Id, Page.Closing)
        );

    private string HrefOf(AuditFilter filter, Guid? before = null) => ConsoleUrls.Audit(ProjectSlug) + filter.ToQuery(("before", before?.ToString()));

    private string ExportHref(string format) => ConsoleUrls.AuditExport(ProjectSlug, _filter.ToQuery(("format", format)));

    private void Show(AuditFilter filter) => Navigation.NavigateTo(HrefOf(filter));
}
