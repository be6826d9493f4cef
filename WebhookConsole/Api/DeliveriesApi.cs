using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using WebhookConsole.Api.Contracts;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Edge;

namespace WebhookConsole.Api;

/// <summary><c>/deliveries</c> of a project.</summary>
internal static class DeliveriesApi
{
    private const int DefaultLimit = 50;
    private static readonly DateTimeOffset s_earliest = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset s_latest = new(2200, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void MapDeliveries(this RouteGroupBuilder project)
    {
        RouteGroupBuilder group = project.MapGroup("/deliveries").WithTags("Deliveries");
        group.MapGet("/", ListAsync).Requires(Permission.ViewDeliveries).WithSummary("Deliveries, newest first");
        group.MapGet("/{id:guid}", GetAsync).Requires(Permission.ViewDeliveries).WithSummary("A delivery with payload and attempts");
        group.MapPost("/{id:guid}/replay", ReplayAsync).Requires(Permission.ReplayDeliveries).WithSummary("One attempt now, with the webhook as it is now");
    }

    // Everything is bound as text, so that each wrong value gets an answer that names it.
    private static async Task<Ok<ListContract<DeliveryContract>>> ListAsync(
        ApiCall call,
        DeliveryQueries deliveries,
        string? webhookId,
        string? status,
        string? failureClass,
        string? eventType,
        string? eventId,
        string? since,
        string? until,
        string? test,
        string? limit,
        string? cursor,
        CancellationToken cancellationToken
    )
    {
        DeliveryFilter filter = new()
        {
            WebhookId = ReadId("webhookId", webhookId),
            Status = ReadStatus(status),
            FailureClass = ReadFailureClass(failureClass),
            EventType = eventType is null || EventTypeName.IsValid(eventType) ? eventType : throw RuleException.Invalid("eventType", EventTypeName.Rule),
            Search = ReadId("eventId", eventId)?.ToString(),
            Since = ReadTime("since", since),
            Until = ReadTime("until", until),
            Test =
                test is null ? null
                : bool.TryParse(test, out bool flag) ? flag
                : throw RuleException.Invalid("test", "'test' is true or false."),
        };
        int count =
            limit is null ? DefaultLimit
            : int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number
            : throw RuleException.Invalid("limit", $"'limit' is a number between 1 and {DeliveryQueries.MaxPage}.");
        DeliveryPage page = await deliveries.ListAsync(call.Actor, call.ProjectId, filter, cursor, count, cancellationToken);
        return TypedResults.Ok(new ListContract<DeliveryContract>(page.Items.Select(r => r.ToContract()).ToList(), page.NextCursor));
    }

    private static async Task<Ok<DeliveryDetailContract>> GetAsync(ApiCall call, Guid id, DeliveryQueries deliveries, CancellationToken cancellationToken) =>
        TypedResults.Ok((await deliveries.GetAsync(call.Actor, call.ProjectId, id, cancellationToken)).ToContract());

    private static async Task<Ok<AttemptContract>> ReplayAsync(ApiCall call, Guid id, ReplayService replay)
    {
        (DeliveryAttempt attempt, bool recorded) = await replay.ReplayAsync(call.Actor, call.ProjectId, id);
        return TypedResults.Ok(attempt.ToContract(recorded));
    }

    private static Guid? ReadId(string name, string? text) =>
        text is null ? null
        : Guid.TryParse(text, out Guid id) ? id
        : throw RuleException.Invalid(name, $"'{name}' is an id (UUID).");

    private static DeliveryStatus? ReadStatus(string? text) =>
        text is null
            ? null
            : Enum.GetValues<DeliveryStatus>().Where(s => Mapping.NameOf(s) == text).Cast<DeliveryStatus?>().SingleOrDefault()
                ?? throw RuleException.Invalid(
                    "status",
                    "'status' is one of " + string.Join(", ", Enum.GetValues<DeliveryStatus>().Select(Mapping.NameOf)) + "."
                );

    private static FailureClass? ReadFailureClass(string? text) =>
        text is null ? null
        : FailureTexts.TryParse(text, out FailureClass failure) ? failure
        : throw RuleException.Invalid(
            "failureClass",
            "'failureClass' is one of " + string.Join(", ", Enum.GetValues<FailureClass>().Select(FailureTexts.NameOf)) + "."
        );

    // A time without a zone would mean another moment on each side.
    private static DateTimeOffset? ReadTime(string name, string? text) =>
        text is null ? null
        : DateTime.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out DateTime time)
        && time.Kind != DateTimeKind.Unspecified
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset value)
        && value > s_earliest
        && value < s_latest
            ? value
        : throw RuleException.Invalid(name, $"'{name}' is an RFC 3339 time with its zone, such as 2026-01-31T09:30:00Z.");
}
