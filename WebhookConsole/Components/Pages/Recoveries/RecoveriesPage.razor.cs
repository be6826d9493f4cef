using System.Buffers.Text;
using Microsoft.AspNetCore.Components;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Live;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Recoveries;

/// <summary>The recoveries of a project, newest first.</summary>
public sealed partial class RecoveriesPage
{
    private const int PageSize = 25;

    private LoadState<RecoveryPage> _page = LoadState.Loading<RecoveryPage>();
    private string? _unreadable;

    [SupplyParameterFromQuery(Name = "cursor")]
    private string? Given { get; set; }

    [Inject]
    private RecoveryQueries Recoveries { get; set; } = default!;

    private string? Cursor { get; set; }

    protected override IReadOnlyCollection<ChangeKind> Follows => [ChangeKind.Recoveries];

    protected override async Task LoadAsync()
    {
        AddressReader address = new();
        Cursor = address.Text("cursor", Given, text => Base64Url.IsValid(text));
        _unreadable = address.Unreadable;
        _page = _page.RefreshedBy(await Page.ReadAsync(actor => Recoveries.ListAsync(actor, Page.Project.Id, Cursor, PageSize, Page.Closing)));
    }
}
