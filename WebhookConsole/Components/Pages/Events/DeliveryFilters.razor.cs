using Microsoft.AspNetCore.Components;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;

namespace WebhookConsole.Components.Pages.Events;

/// <summary>Search and filters. A chosen filter shows its value in its own place. It changes nothing itself: it reports which query is wanted next.</summary>
public sealed partial class DeliveryFilters
{
    private const string Test = "test";
    private const string Live = "live";

    private static readonly KeyValuePair<string, string>[] s_statuses =
    [
        KeyValuePair.Create(DeliveryListQuery.FailingName, "Failing"),
        .. Enum.GetValues<DeliveryStatus>().Select(s => KeyValuePair.Create(DeliveryListQuery.NameOf(s), s.ToString())),
    ];

    private static readonly KeyValuePair<string, string>[] s_failures =
    [
        .. Enum.GetValues<FailureClass>().Select(f => KeyValuePair.Create(FailureTexts.NameOf(f), TitleOf(f))),
    ];

    private static readonly KeyValuePair<string, string>[] s_kinds = [new(Test, "Test only"), new(Live, "Live only")];

    [Parameter, EditorRequired]
    public DeliveryListQuery Query { get; set; } = new();

    /// <summary>The id and name of each webhook.</summary>
    [Parameter]
    public IReadOnlyList<KeyValuePair<Guid, string>> Webhooks { get; set; } = [];

    [Parameter]
    public IReadOnlyList<string> EventTypes { get; set; } = [];

    /// <summary>True on a webhook's own page, where there is nothing to choose.</summary>
    [Parameter]
    public bool FixedWebhook { get; set; }

    /// <summary>Called with the wanted query, always its first page.</summary>
    [Parameter]
    public EventCallback<DeliveryListQuery> OnChange { get; set; }

    /// <summary>At the end of the search row.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    // A value in the address is offered even if it is no longer in the catalogue.
    private IReadOnlyList<KeyValuePair<string, string>> TypeChoices =>
        [
            .. EventTypes
                .Append(Query.EventType)
                .OfType<string>()
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Select(t => KeyValuePair.Create(t, t)),
        ];

    private IReadOnlyList<KeyValuePair<string, string>> WebhookChoices =>
        [
            .. Webhooks.Select(w => KeyValuePair.Create(w.Key.ToString(), w.Value)),
            .. UnknownWebhook.Select(id => KeyValuePair.Create(id.ToString(), NameOf(id))),
        ];

    private IEnumerable<Guid> UnknownWebhook => Query.WebhookId is { } id && Webhooks.All(w => w.Key != id) ? [id] : [];

    private string? StatusName => Query.Failing ? DeliveryListQuery.FailingName : Name(Query.Status);

    private static string TitleOf(FailureClass failure) =>
        failure switch
        {
            FailureClass.Http3xx => "Redirect (3xx)",
            FailureClass.Http4xx => "Refused (4xx)",
            FailureClass.SignatureInvalid => "Signature refused (401)",
            FailureClass.Gone => "Gone (410)",
            FailureClass.RateLimited => "Rate limited (429)",
            FailureClass.Http5xx => "Server error (5xx)",
            FailureClass.TlsFailed => "TLS or certificate",
            _ => FailureTexts.For(failure, null).Title,
        };

    private static string? Empty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private static string? Name(DeliveryStatus? status) => status is { } known ? DeliveryListQuery.NameOf(known) : null;

    private static string? Name(FailureClass? failure) => failure is { } known ? FailureTexts.NameOf(known) : null;

    private static string? Name(bool? test) =>
        test is { } known
            ? known
                ? Test
                : Live
            : null;

    private string NameOf(Guid webhook) => Webhooks.FirstOrDefault(w => w.Key == webhook).Value ?? "deleted webhook";

    private Task ChangeStatusAsync(string? name)
    {
        bool failing = name == DeliveryListQuery.FailingName;
        return ChangeAsync(Query with { Failing = failing, Status = failing ? null : DeliveryListQuery.ParseStatus(name) });
    }

    private Task ChangeAsync(DeliveryListQuery query) => OnChange.InvokeAsync(query.First());
}
