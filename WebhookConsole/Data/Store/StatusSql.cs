using System.Globalization;
using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>The numbers of <see cref="DeliveryStatus"/> in SQL text: from parameters the planner could not see which index fits.</summary>
internal static class StatusSql
{
    public static readonly string Pending = Of(DeliveryStatus.Pending);
    public static readonly string Retrying = Of(DeliveryStatus.Retrying);
    public static readonly string Succeeded = Of(DeliveryStatus.Succeeded);
    public static readonly string Failed = Of(DeliveryStatus.Failed);
    public static readonly string Held = Of(DeliveryStatus.Held);
    public static readonly string Cancelled = Of(DeliveryStatus.Cancelled);

    /// <summary>The statuses with a planned automatic attempt, as a list.</summary>
    public static readonly string Planned = Of(DeliveryStatus.Pending, DeliveryStatus.Retrying);

    /// <summary>True while an automatic attempt may still change the delivery.</summary>
    public static readonly string Open = Any(DeliveryStatus.Pending, DeliveryStatus.Retrying, DeliveryStatus.Held);

    /// <summary>True for a delivery that no longer changes by itself.</summary>
    public static readonly string Finished = Any(DeliveryStatus.Succeeded, DeliveryStatus.Failed, DeliveryStatus.Cancelled);

    /// <summary>The statuses that the index of notable deliveries leaves out.</summary>
    public static readonly DeliveryStatus[] NotNotable = [DeliveryStatus.Pending, DeliveryStatus.Succeeded];

    /// <summary>
    /// True for what the index of notable deliveries holds: everything except what waits for its first attempt and what succeeded. The condition names
    /// the two that are left out: for a list of three or more, SQLite builds a temporary table at each evaluation.
    /// </summary>
    public static readonly string Notable = $"status NOT IN ({Of(NotNotable)})";

    /// <summary>True for a delivery that a recovery has planned although it had failed: only those have a planned attempt and a completion.</summary>
    public const string RecoversFailed = "recovery_id IS NOT NULL AND completed_at IS NOT NULL";

    /// <summary>What the index of stopped deliveries holds; a statement that repeats it can use the index.</summary>
    public static readonly string Stopped = $"status > {Succeeded}";

    /// <summary>Held deliveries, found with that index.</summary>
    public static readonly string HeldByIndex = $"status = {Held} AND {Stopped}";

    private static string Any(params DeliveryStatus[] statuses) => $"({string.Join(" OR ", statuses.Select(s => $"status = {Of(s)}"))})";

    private static string Of(params DeliveryStatus[] statuses) => string.Join(", ", statuses.Select(s => ((int)s).ToString(CultureInfo.InvariantCulture)));
}
