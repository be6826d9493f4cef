using System.Buffers.Text;
using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Events;

/// <summary>
/// What a list of deliveries shows, as written in the address: filters and page. Pure and reversible, so that a link, the
/// back button and a reload show the same.
/// </summary>
public sealed record DeliveryListQuery
{
    private const int MaxText = 200;
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.FFFZ";

    public DeliveryStatus? Status { get; init; }

    public FailureClass? Failure { get; init; }

    public Guid? WebhookId { get; init; }

    public string? EventType { get; init; }

    public bool? Test { get; init; }

    public string? Search { get; init; }

    public TimeWindow Window { get; init; }

    /// <summary>Start of <see cref="TimeWindow.Custom"/>; in an older page of another window, the start that its first page had.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>End of <see cref="TimeWindow.Custom"/>.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Where an older page starts; null for the newest.</summary>
    public string? Cursor { get; init; }

    public bool HasFilters => First() != new DeliveryListQuery();

    /// <summary>The first page of the same filters. Whatever changes a filter goes through here.</summary>
    public DeliveryListQuery First() => this with { Cursor = null, Since = Window == TimeWindow.Custom ? Since : null };

    /// <summary>The page after this one. A cursor fits one filter only, so a moving window stays where the first page had it.</summary>
    public DeliveryListQuery Older(string cursor, DeliveryFilter shown) => this with { Cursor = cursor, Since = shown.Since };

    /// <param name="now">End of a window such as "last hour".</param>
    /// <param name="webhookId">The webhook of a list that shows only one.</param>
    public DeliveryFilter ToFilter(DateTimeOffset now, Guid? webhookId) =>
        new()
        {
            WebhookId = webhookId ?? WebhookId,
            Status = Status,
            FailureClass = Failure,
            EventType = EventType,
            Test = Test,
            Search = Search,
            Since = Since ?? now - TimeWindows.LengthOf(Window),
            Until = Until,
        };

    /// <summary><c>?status=failed&amp;range=24h</c>, or an empty string.</summary>
    public string ToQueryString()
    {
        List<KeyValuePair<string, string?>> parts =
        [
            new("status", Status is { } status ? NameOf(status) : null),
            new("failure", Failure is { } failure ? FailureTexts.NameOf(failure) : null),
            new("webhook", WebhookId?.ToString()),
            new("type", EventType),
            new(
                "kind",
                Test is { } test
                    ? test
                        ? "test"
                        : "live"
                    : null
            ),
            new("range", TimeWindows.NameOf(Window)),
            new("since", Text(Since)),
            new("until", Text(Until)),
            new("q", Search),
            new("cursor", Cursor),
        ];
        return QueryString.Create(parts.Where(p => p.Value is not null)).Value ?? "";
    }

    /// <summary>Reads what <see cref="ToQueryString"/> wrote; the leading question mark may be missing.</summary>
    /// <param name="address">Remembers what cannot be read and is left out.</param>
    public static DeliveryListQuery Parse(string query, AddressReader? address = null)
    {
        address ??= new AddressReader();
        Dictionary<string, StringValues> parts = QueryHelpers.ParseQuery(query);
        string? Get(string name) => parts.GetValueOrDefault(name).FirstOrDefault();

        TimeWindow? range = address.Value("range", Get("range"), TimeWindows.Parse);
        DateTimeOffset? since = address.Value("since", Get("since"), Time);
        DateTimeOffset? until = address.Value("until", Get("until"), Time);
        string? cursor = address.Text("cursor", Get("cursor"), text => Base64Url.IsValid(text));
        TimeWindow window = range ?? ((since ?? until) is null ? TimeWindow.Any : TimeWindow.Custom);
        return new DeliveryListQuery
        {
            Status = address.Value("status", Get("status"), ParseStatus),
            Failure = address.Value<FailureClass>("failure", Get("failure"), text => FailureTexts.TryParse(text, out FailureClass failure) ? failure : null),
            WebhookId = address.Id("webhook", Get("webhook")),
            EventType = address.Text("type", Get("type")),
            Test = address.Value<bool>(
                "kind",
                Get("kind"),
                text =>
                    text == "test" ? true
                    : text == "live" ? false
                    : null
            ),
            Search = address.Text("q", Get("q")),
            Window = window,
            Since = window == TimeWindow.Custom || cursor is not null ? since : null,
            Until = window == TimeWindow.Custom ? until : null,
            Cursor = cursor,
        };
    }

    /// <summary>Reads what <see cref="NameOf"/> wrote; null for anything else.</summary>
    public static DeliveryStatus? ParseStatus(string? name) =>
        Enum.GetValues<DeliveryStatus>().Select(s => (DeliveryStatus?)s).FirstOrDefault(s => NameOf(s!.Value) == name);

    /// <summary>A status as written in addresses and in the API: <c>failed</c>.</summary>
    public static string NameOf(DeliveryStatus status) => status.ToString().ToLowerInvariant();

    private static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParseExact(
            text,
            TimeFormat,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out DateTimeOffset time
        )
            ? time
            : null;
}
