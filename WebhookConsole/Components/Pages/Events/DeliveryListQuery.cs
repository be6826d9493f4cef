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

    /// <summary>The status filter's name for what is failing.</summary>
    public const string FailingName = "failing";

    /// <summary>Minutes before and after a time, unless the address gives another number.</summary>
    public const int DefaultWithin = 10;

    private const int MaxWithin = 1440;
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.FFFZ";

    public DeliveryStatus? Status { get; init; }

    /// <summary>Only what is failing; in the address it is a value of the status.</summary>
    public bool Failing { get; init; }

    public FailureClass? Failure { get; init; }

    public Guid? WebhookId { get; init; }

    public string? EventType { get; init; }

    public bool? Test { get; init; }

    public string? Search { get; init; }

    public TimeWindow Window { get; init; }

    /// <summary>Start of <see cref="TimeWindow.Custom"/>; in an older page of another window, the start that its first page had.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>End of <see cref="TimeWindow.Custom"/>; in an older page of another window, the end that its first page had.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>The middle of <see cref="TimeWindow.Around"/>.</summary>
    public DateTimeOffset? Around { get; init; }

    /// <summary>Minutes before and after <see cref="Around"/>.</summary>
    public int Within { get; init; }

    /// <summary>Where an older page starts; null for the newest.</summary>
    public string? Cursor { get; init; }

    public bool HasFilters => First() != new DeliveryListQuery();

    /// <summary>The first page of the same filters. Whatever changes a filter goes through here.</summary>
    public DeliveryListQuery First() =>
        this with
        {
            Cursor = null,
            Since = Window == TimeWindow.Custom ? Since : null,
            Until = Window == TimeWindow.Custom ? Until : null,
        };

    /// <summary>The same with another time range, from its first page.</summary>
    public DeliveryListQuery In(TimeWindow window) => First() with { Window = window, Since = null, Until = null, Around = null, Within = 0 };

    /// <summary>The page after this one. A cursor fits one filter only, so a moving window stays where the first page had it.</summary>
    public DeliveryListQuery Older(string cursor, DeliveryFilter shown) => this with { Cursor = cursor, Since = shown.Since, Until = shown.Until };

    /// <param name="now">End of a window such as "last hour".</param>
    /// <param name="webhookId">The webhook of a list that shows only one.</param>
    /// <param name="zone">Where "today" begins; null for UTC.</param>
    public DeliveryFilter ToFilter(DateTimeOffset now, Guid? webhookId, TimeZoneInfo? zone = null)
    {
        (DateTimeOffset? since, DateTimeOffset? until) = Around is { } middle
            ? (middle.AddMinutes(-Within), middle.AddMinutes(Within))
            : TimeWindows.RangeOf(Window, now, zone ?? TimeZoneInfo.Utc);
        return new DeliveryFilter
        {
            WebhookId = webhookId ?? WebhookId,
            Status = Status,
            Failing = Failing,
            FailureClass = Failure,
            EventType = EventType,
            Test = Test,
            Search = Search,
            Since = Since ?? since,
            Until = Until ?? until,
        };
    }

    /// <summary><c>?status=failed&amp;range=24h</c>, or an empty string.</summary>
    public string ToQueryString()
    {
        List<KeyValuePair<string, string?>> parts =
        [
            new(
                "status",
                Failing ? FailingName
                    : Status is { } status ? NameOf(status)
                    : null
            ),
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
            new("around", Text(Around)),
            new("within", Around is null ? null : Within.ToString(CultureInfo.InvariantCulture)),
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
        DateTimeOffset? around = address.Value("around", Get("around"), Middle);
        int within = address.Value<int>("within", Get("within"), Minutes) ?? DefaultWithin;
        TimeWindow window = around is not null ? TimeWindow.Around : range ?? ((since ?? until) is null ? TimeWindow.Any : TimeWindow.Custom);
        bool failing = Get("status") == FailingName;
        return new DeliveryListQuery
        {
            Status = failing ? null : address.Value("status", Get("status"), ParseStatus),
            Failing = failing,
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
            Until = window == TimeWindow.Custom || cursor is not null ? until : null,
            Around = around,
            Within = around is null ? 0 : within,
            Cursor = cursor,
        };
    }

    /// <summary>Reads what <see cref="NameOf"/> wrote; null for anything else.</summary>
    public static DeliveryStatus? ParseStatus(string? name) =>
        Enum.GetValues<DeliveryStatus>().Select(s => (DeliveryStatus?)s).FirstOrDefault(s => NameOf(s!.Value) == name);

    /// <summary>A status as written in addresses and in the API: <c>failed</c>.</summary>
    public static string NameOf(DeliveryStatus status) => status.ToString().ToLowerInvariant();

    private static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    // Times at the ends of the calendar, which no delivery can have, would overflow when minutes are added.
    private static DateTimeOffset? Middle(string text) => Time(text) is { Year: >= 1970 and < 9999 } time ? time : null;

    private static int? Minutes(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int minutes) && minutes is >= 1 and <= MaxWithin ? minutes : null;

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
