using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Radzen;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.History;
using WebhookConsole.Domain;
using WebhookConsole.Live;
using WebhookConsole.Ui;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.Events;

/// <summary>
/// The history of a project or of one webhook, with its filters, live updates and the detail of one delivery beside it. Everything it
/// shows is in the address. Any page of a project can embed it with its own path.
/// </summary>
public sealed partial class DeliveryList
{
    public const int PageSize = 50;

    private const int CountLimit = NewRowsBar.Most + 1;

    private DeliveryListQuery _query = new();
    private DeliveryListQuery? _loaded;
    private DeliveryFilter _filter = new();
    private LoadState<IReadOnlyList<DeliveryRow>> _rows = LoadState.Loading<IReadOnlyList<DeliveryRow>>();
    private KeyValuePair<Guid, string>[] _webhooks = [];
    private string[] _types = [];
    private string? _next;
    private int _newer;
    private bool _paused;
    private Guid? _focus;
    private DeliveryTable? _table;
    private IDisposable? _following;
    private string? _unreadable;
    private (Guid? Newer, Guid? Older) _beyond;
    private readonly DeliverySelection _selection = new();
    private RowReplays _replays = default!;
    private ListSearch _search = default!;
    private string? _problem;
    private SearchedAs _as;
    private bool _tooMany;
    private long _searched;
    private DeliveryPage? _last;

    /// <summary>Path of the page that shows the list, without a slash at the end.</summary>
    [Parameter, EditorRequired]
    public string BasePath { get; set; } = "";

    /// <summary>Shows only this webhook's deliveries; the open delivery is then in the query, because the path belongs to the page.</summary>
    [Parameter]
    public Guid? WebhookId { get; set; }

    /// <summary>What that webhook gets.</summary>
    [Parameter]
    public WebhookScope Scope { get; set; }

    [CascadingParameter]
    private PageHost Page { get; set; } = default!;

    [Inject]
    private NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private TimeProvider Clock { get; set; } = default!;

    [Inject]
    private DeliveryQueries Deliveries { get; set; } = default!;

    [Inject]
    private DeliveryNeighbours Neighbours { get; set; } = default!;

    [Inject]
    private WebhookService Webhooks { get; set; } = default!;

    [Inject]
    private ReplayService Replays { get; set; } = default!;

    [Inject]
    private DialogService Dialogs { get; set; } = default!;

    [Inject]
    private BrowserTime Time { get; set; } = default!;

    [Inject]
    private EventTypeService Types { get; set; } = default!;

    private Guid? Selected { get; set; }

    private DeliveryListAddress Address => new(BasePath, WebhookId is null);

    public void Dispose()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        Time.Changed -= OnZoneKnown;
        _search.Cancel();
        _following?.Dispose();
    }

    protected override void OnInitialized()
    {
        Navigation.LocationChanged += OnLocationChanged;
        Time.Changed += OnZoneKnown;
        _replays = new RowReplays(Page, Replays, Dialogs, StateHasChanged);
        _search = new ListSearch(Page, Deliveries, Clock, StateHasChanged);

        // It subscribes before the first read, so that no change in between is missed.
        _following = Page.Follow(
            [ChangeKind.Deliveries],
            async () =>
            {
                if (await RefreshAsync())
                {
                    StateHasChanged();
                }
            }
        );
    }

    protected override Task OnParametersSetAsync() => ReadAddressAsync();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_focus is { } id && _table is not null)
        {
            _focus = null;
            await _table.FocusAsync(id);
        }
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs e) =>
        _ = InvokeAsync(async () =>
        {
            await ReadAddressAsync();
            StateHasChanged();
        });

    // "Today" begins at a different time in another zone.
    private void OnZoneKnown(object? sender, EventArgs e) =>
        _ = InvokeAsync(async () =>
        {
            if (_query is { Window: TimeWindow.Today or TimeWindow.Yesterday, Cursor: null })
            {
                await LoadRowsAsync();
            }

            StateHasChanged();
        });

    private async Task ReadAddressAsync()
    {
        Uri uri = new(Navigation.Uri);
        if (!Address.Owns(uri))
        {
            return;
        }

        AddressReader address = new();

        // When the panel closes, the focus returns to its row.
        Guid? selected = Address.SelectedIn(uri, address);
        _focus = selected is null ? Selected : null;
        bool opened = selected is not null && selected != Selected;
        Selected = selected;
        _query = DeliveryListQuery.Parse(uri.Query, address);
        _unreadable = address.Unreadable;
        if (opened && _query.Cursor is null && !Shows(selected) && await AroundAsync(selected!.Value) is { } around)
        {
            // A link to an old delivery opens the page of the list that it is on.
            Navigation.NavigateTo(Href(around, selected), replace: true);
            return;
        }

        if (_query != _loaded || (opened && _query.Cursor is null && !Shows(selected)))
        {
            await LoadRowsAsync();
        }

        await FindBeyondAsync();
    }

    private bool Shows(Guid? id) => _query == _loaded && _rows.Value?.Any(r => r.Delivery.Id == id) == true;

    // Null when it is on the newest page.
    private async Task<DeliveryListQuery?> AroundAsync(Guid id)
    {
        DeliveryFilter filter = _query.ToFilter(Clock.GetUtcNow(), WebhookId, Time.Zone);
        LoadState<string?> cursor = await Page.ReadAsync(actor => Neighbours.CursorAroundAsync(actor, Page.Project.Id, filter, id, PageSize, Page.Closing));
        return cursor.Value is { } found ? _query.Older(found, filter) : null;
    }

    // Only at the ends of the page; between them the rows themselves are the neighbours.
    private async Task FindBeyondAsync()
    {
        _beyond = default;
        if (Selected is { } id && _rows.Value is { } rows && (RowBeside(rows, id, newer: true) is null || RowBeside(rows, id, newer: false) is null))
        {
            DeliveryFilter filter = _filter;
            LoadState<(Guid? Newer, Guid? Older)> found = await Page.ReadAsync(actor => Neighbours.FindAsync(actor, Page.Project.Id, filter, id, Page.Closing));
            if (id == Selected)
            {
                _beyond = found.Value;
            }
        }
    }

    private static Guid? RowBeside(IReadOnlyList<DeliveryRow> rows, Guid id, bool newer) =>
        newer ? rows.LastOrDefault(r => r.Delivery.Id.CompareTo(id) > 0)?.Delivery.Id : rows.FirstOrDefault(r => r.Delivery.Id.CompareTo(id) < 0)?.Delivery.Id;

    private async Task LoadRowsAsync()
    {
        DeliveryListQuery wanted = _query;
        if (wanted.First() != _loaded?.First() || wanted.Cursor != _loaded?.Cursor)
        {
            _selection.Clear();
        }

        _loaded = wanted;
        _rows = _rows with { Refreshing = true };
        _search.Reset();
        StateHasChanged();
        DeliveryFilter filter = wanted.ToFilter(Clock.GetUtcNow(), WebhookId, Time.Zone);
        string? problem = null;
        LoadState<DeliveryPage> page = await Page.ReadAsync(async actor =>
        {
            await LoadChoicesAsync(actor);
            problem = DeliveryQueries.ProblemOf(filter);
            return problem is null
                ? await Deliveries.ListAsync(actor, Page.Project.Id, filter, wanted.Cursor, PageSize, Page.Closing)
                : new DeliveryPage([], null);
        });

        // Another filter has been chosen since; its answer counts, whichever arrives first.
        if (wanted == _query)
        {
            (_filter, _newer, _next, _problem) = (filter, 0, page.Value?.NextCursor, problem);
            (_as, _tooMany, _searched, _last) = (
                page.Value?.SearchedAs ?? SearchedAs.Nothing,
                page.Value?.TooManyIds ?? false,
                page.Value?.Searched ?? 0,
                page.Value
            );
            _rows = page.Select(p => p.Items);
            if (page.Value is { SearchedTo: not null })
            {
                // Not awaited: the rows found so far are shown meanwhile. It reports its own errors.
                _ = SearchOnAsync();
            }
        }
    }

    private async Task SearchOnAsync()
    {
        if (_last is { } last && _rows.Value is { } rows && !_search.Running)
        {
            await _search.GoOnAsync(_filter, last, PageSize - rows.Count, Append);
        }
    }

    // Rows are added only at the end, so what is being read does not move.
    private int Append(DeliveryPage step)
    {
        IReadOnlyList<DeliveryRow> rows = [.. _rows.Value ?? [], .. step.Items];
        _rows = LoadState.Loaded(rows);
        _searched += step.Searched;
        (_last, _next) = (step, step.NextCursor);
        return PageSize - rows.Count;
    }

    private async Task LoadChoicesAsync(Actor actor)
    {
        if (_types.Length > 0 && _webhooks.Length > 0)
        {
            return;
        }

        IReadOnlyList<Webhook> all = WebhookId is null ? await Webhooks.ListAsync(actor, Page.Project.Id, Page.Closing) : [];
        _webhooks = [.. all.Select(w => KeyValuePair.Create(w.Id, w.Name))];

        // Operational types are not in the catalogue.
        bool operational = Scope == WebhookScope.Operations;
        IEnumerable<string> declared = operational ? [] : (await Types.ListAsync(actor, Page.Project.Id, Page.Closing)).Select(t => t.Name);
        IEnumerable<string> own = operational || all.Any(w => w.Scope == WebhookScope.Operations) ? OperationalEventTypes.All.Select(t => t.Name) : [];
        _types = [.. declared.Union(own, StringComparer.Ordinal)];
    }

    // Rows change in place. New ones are only counted, because what somebody is reading must not move. False when there is nothing new to show.
    private async Task<bool> RefreshAsync()
    {
        if (_paused || _rows is not { HasValue: true, Refreshing: false, Value: { } shown })
        {
            return false;
        }

        if (shown.Count == 0)
        {
            // A search that had to look at every delivery is not repeated each time one arrives.
            if (_query.Cursor is null && _searched == 0)
            {
                await LoadRowsAsync();
                return true;
            }

            return false;
        }

        DeliveryListQuery asked = _query;
        LoadState<(IReadOnlyList<Delivery> Rows, int Newer)> read = await Page.ReadAsync(async actor =>
            (
                await Deliveries.RefreshAsync(actor, Page.Project.Id, shown.Select(r => r.Delivery.Id).ToArray(), Page.Closing),
                _newer == CountLimit ? CountLimit
                : asked.Cursor is null ? await Deliveries.CountNewerAsync(actor, Page.Project.Id, _filter, shown[0].Delivery.Id, CountLimit, Page.Closing)
                : 0
            )
        );
        if (!read.HasValue || asked != _query || !ReferenceEquals(_rows.Value, shown))
        {
            return false;
        }

        Dictionary<Guid, Delivery> fresh = read.Value.Rows.ToDictionary(d => d.Id);
        _newer = read.Value.Newer;
        _rows = LoadState.Loaded<IReadOnlyList<DeliveryRow>>(
            shown.Select(r => fresh.TryGetValue(r.Delivery.Id, out Delivery? now) ? r with { Delivery = now } : r).ToArray()
        );
        return true;
    }

    private async Task ShowNewestAsync()
    {
        await LoadRowsAsync();

        // The bar is gone, and the focus with it; the focus moves to the rows that the bar announced.
        _focus = _rows.Value?.Count > 0 ? _rows.Value[0].Delivery.Id : null;
    }

    private async Task ToggleLiveAsync()
    {
        _paused = !_paused;
        await RefreshAsync();
    }

    private async Task RetryAsync()
    {
        if (_query.Cursor is not null)
        {
            // The cursor itself may be the problem.
            Go(_query.First(), Selected);
            return;
        }

        _rows = LoadState.Loading<IReadOnlyList<DeliveryRow>>();
        await LoadRowsAsync();
    }

    private void Go(DeliveryListQuery query, Guid? selected) => Navigation.NavigateTo(Href(query, selected));

    private string Href(DeliveryListQuery query, Guid? selected) => Address.Href(query, selected);

    private string FullHref(Guid id) =>
        ConsoleUrls.DeliveryPage(Page.Project.Slug, id) + (_query.First() with { WebhookId = WebhookId ?? _query.WebhookId }).ToQueryString();

    // A delivery beyond this page opens the page around it.
    private string? Neighbour(bool newer) =>
        Selected is not { } id ? null
        : _rows.Value is { } rows && RowBeside(rows, id, newer) is { } row ? Href(_query, row)
        : (newer ? _beyond.Newer : _beyond.Older) is { } beyond ? Href(_query.First(), beyond)
        : null;
}
