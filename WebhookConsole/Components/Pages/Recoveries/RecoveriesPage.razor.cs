using System.Buffers.Text;
using Microsoft.AspNetCore.Components;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;
using WebhookConsole.Live;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Recoveries;

/// <summary>The recoveries of a project, newest first.</summary>
public sealed partial class RecoveriesPage
{
    private const int PageSize = 25;

    private LoadState<RecoveryPage> _page = LoadState.Loading<RecoveryPage>();
    private string? _unreadable;
    private RecoveryRequest _request = new();
    private RecoverButton? _button;
    private bool _asked;

    [SupplyParameterFromQuery(Name = "cursor")]
    private string? Given { get; set; }

    /// <summary>Anything opens the dialog for a new recovery.</summary>
    [SupplyParameterFromQuery(Name = "new")]
    private string? New { get; set; }

    [SupplyParameterFromQuery(Name = "webhook")]
    private string? GivenWebhook { get; set; }

    [SupplyParameterFromQuery(Name = "since")]
    private string? GivenSince { get; set; }

    [Inject]
    private RecoveryQueries Recoveries { get; set; } = default!;

    private string? Cursor { get; set; }

    protected override IReadOnlyCollection<ChangeKind> Follows => [ChangeKind.Recoveries];

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (New is null)
        {
            _asked = false;
        }
        else if (!_asked && _page.HasValue && _button is not null)
        {
            _asked = true;

            // A reload or the back button must not open it again.
            if (!await _button.OpenAsync() && !Page.Closing.IsCancellationRequested)
            {
                Navigation.NavigateTo(ConsoleUrls.Recoveries(ProjectSlug), replace: true);
            }
        }
    }

    protected override async Task LoadAsync()
    {
        AddressReader address = new();
        Cursor = address.Text("cursor", Given, text => Base64Url.IsValid(text));
        _request = new RecoveryRequest
        {
            WebhookId = address.Id("webhook", GivenWebhook),
            Since = address.Value<DateTimeOffset>("since", GivenSince, text => Rfc3339.TryRead(text, out DateTimeOffset time, out _) ? time : null),
        };
        _unreadable = address.Unreadable;
        _page = _page.RefreshedBy(await Page.ReadAsync(actor => Recoveries.ListAsync(actor, Page.Project.Id, Cursor, PageSize, Page.Closing)));
    }
}
