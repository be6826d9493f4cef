using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using Radzen;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Live;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Events;

/// <summary>
/// One delivery on a page of its own, request and response of an attempt side by side. The address carries the filters of the list it came
/// from, so that Newer and Older follow that list.
/// </summary>
public sealed partial class FullDeliveryPage
{
    private const string AttemptName = "attempt";

    private DeliveryReader _reader = default!;
    private DeliveryListQuery _query = new();
    private (Guid? Newer, Guid? Older) _beside;
    private (Guid Delivery, DeliveryListQuery Query)? _asked;
    private int? _number;
    private byte[]? _decoded;
    private string _payload = "";
    private string? _unreadable;

    [Parameter]
    public Guid DeliveryId { get; set; }

    [Inject]
    private DeliveryQueries Deliveries { get; set; } = default!;

    [Inject]
    private DeliveryNeighbours Neighbours { get; set; } = default!;

    [Inject]
    private ReplayService Replays { get; set; } = default!;

    [Inject]
    private DialogService Dialogs { get; set; } = default!;

    [Inject]
    private TimeProvider Clock { get; set; } = default!;

    protected override IReadOnlyCollection<ChangeKind> Follows => [ChangeKind.Deliveries];

    private DeliveryDetail? Shown => _reader.State.Value;

    private string BackHref => new DeliveryListAddress(ConsoleUrls.Events(ProjectSlug), SelectInPath: true).Href(_query, DeliveryId);

    protected override void OnInitialized()
    {
        _reader = new DeliveryReader(Page, Deliveries, Replays, Dialogs);
        base.OnInitialized();
    }

    protected override async Task LoadAsync()
    {
        AddressReader address = new();
        string query = new Uri(Navigation.Uri).Query;
        _query = DeliveryListQuery.Parse(query, address);
        _number = address.Value<int>(
            AttemptName,
            QueryHelpers.ParseQuery(query).GetValueOrDefault(AttemptName).FirstOrDefault(),
            text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null
        );
        _unreadable = address.Unreadable;
        await _reader.OpenAsync(DeliveryId);
        Decode();
        if (_asked != (DeliveryId, _query))
        {
            _asked = (DeliveryId, _query);
            await FindBesideAsync();
        }
    }

    protected override async Task RefreshAsync()
    {
        await _reader.RefreshAsync();
        Decode();

        // Sooner or later a newer delivery follows the newest one.
        if (_beside.Newer is null)
        {
            await FindBesideAsync();
        }
    }

    private async Task FindBesideAsync()
    {
        Guid asked = DeliveryId;
        DeliveryFilter filter = _query.ToFilter(Clock.GetUtcNow(), null);
        LoadState<(Guid? Newer, Guid? Older)> found = await Page.ReadAsync(actor => Neighbours.FindAsync(actor, Page.Project.Id, filter, asked, Page.Closing));
        if (asked == DeliveryId)
        {
            _beside = found.Value;
        }
    }

    private DeliveryAttempt? Attempt(DeliveryDetail detail) => detail.Attempts.FirstOrDefault(a => a.Number == _number) ?? AttemptChoice.Of(detail);

    private string HrefOf(Guid id, int? attempt = null)
    {
        string href = ConsoleUrls.DeliveryPage(ProjectSlug, id) + _query.ToQueryString();
        return attempt is { } number ? QueryHelpers.AddQueryString(href, AttemptName, number.ToString(CultureInfo.InvariantCulture)) : href;
    }

    // While the bytes stay the same, so does the string: the JSON view formats every new string again.
    private void Decode()
    {
        if (Shown?.Event.Payload is { } payload && (_decoded is null || !_decoded.AsSpan().SequenceEqual(payload)))
        {
            (_decoded, _payload) = (payload, Encoding.UTF8.GetString(payload));
        }
    }
}
