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

    /// <summary>Statuses with a planned automatic attempt.</summary>
    public static readonly string Planned = Of(DeliveryStatus.Pending, DeliveryStatus.Retrying);

    /// <summary>Statuses that an automatic attempt may still change.</summary>
    public static readonly string Open = Of(DeliveryStatus.Pending, DeliveryStatus.Retrying, DeliveryStatus.Held);

    public static readonly string Finished = Of(DeliveryStatus.Succeeded, DeliveryStatus.Failed, DeliveryStatus.Cancelled);

    /// <summary>Statuses of what did not simply succeed, in the order in which the index of the history repeats them.</summary>
    public static readonly string Notable = Of(DeliveryStatus.Retrying, DeliveryStatus.Failed, DeliveryStatus.Held, DeliveryStatus.Cancelled);

    /// <summary>True for a delivery that a recovery has planned although it had failed: only those have a planned attempt and a completion.</summary>
    public const string RecoversFailed = "recovery_id IS NOT NULL AND completed_at IS NOT NULL";

    /// <summary>What the index of stopped deliveries holds; a statement that repeats it can use the index.</summary>
    public static readonly string Stopped = $"status > {Succeeded}";

    /// <summary>Held deliveries, found with that index.</summary>
    public static readonly string HeldByIndex = $"status = {Held} AND {Stopped}";

    private static string Of(params DeliveryStatus[] statuses) => string.Join(", ", statuses.Select(s => ((int)s).ToString(CultureInfo.InvariantCulture)));
}
