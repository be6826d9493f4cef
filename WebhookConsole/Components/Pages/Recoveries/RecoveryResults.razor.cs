using Microsoft.AspNetCore.Components;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Live;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Recoveries;

/// <summary>What a recovery did with each delivery, newest first.</summary>
public sealed partial class RecoveryResults
{
    private const int PageSize = 50;

    private LoadState<RecoveryResultPage> _page = LoadState.Loading<RecoveryResultPage>();
    private bool? _show;
    private string? _cursor;
    private IDisposable? _following;

    [Parameter, EditorRequired]
    public Guid RecoveryId { get; set; }

    /// <summary>Slug.</summary>
    [Parameter, EditorRequired]
    public string Project { get; set; } = "";

    [Parameter, EditorRequired]
    public int Succeeded { get; set; }

    [Parameter, EditorRequired]
    public int Failed { get; set; }

    [CascadingParameter]
    private PageHost Page { get; set; } = default!;

    [Inject]
    private RecoveryQueries Recoveries { get; set; } = default!;

    public void Dispose() => _following?.Dispose();

    protected override async Task OnInitializedAsync()
    {
        _following = Page.Follow([ChangeKind.Recoveries], RefreshAsync);
        await LoadAsync();
    }

    private string Pressed(bool? show) => _show == show ? "true" : "false";

    private Task ShowAsync(bool? show)
    {
        (_show, _cursor) = (show, null);
        return LoadAsync();
    }

    private Task GoAsync(string? cursor)
    {
        _cursor = cursor;
        return LoadAsync();
    }

    // An older page that somebody is reading stays as it is.
    private async Task RefreshAsync()
    {
        if (_cursor is null)
        {
            await LoadAsync();
            StateHasChanged();
        }
    }

    private async Task LoadAsync()
    {
        (bool? show, string? cursor) = (_show, _cursor);
        LoadState<RecoveryResultPage> read = await Page.ReadAsync(actor =>
            Recoveries.ResultsAsync(actor, Page.Project.Id, RecoveryId, show, cursor, PageSize, Page.Closing)
        );
        if ((show, cursor) == (_show, _cursor))
        {
            _page = _page.RefreshedBy(read);
        }
    }
}
