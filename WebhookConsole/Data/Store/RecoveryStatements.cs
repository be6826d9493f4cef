using System.Globalization;
using WebhookConsole.Domain;

namespace WebhookConsole.Data.Store;

/// <summary>What the store does for recoveries.</summary>
internal static class RecoveryStatements
{
    public static readonly string Running = ((int)RecoveryStatus.Running).ToString(CultureInfo.InvariantCulture);

    // Counted once for each delivery, in the transaction of its attempt: what a person sees never goes back and never counts anything twice.
    private const string InsertResult = """
        INSERT INTO recovery_results (recovery_id, delivery_id, attempt_id, succeeded, at) VALUES (@p0, @p1, @p2, @p3, @p4) ON CONFLICT DO NOTHING
        """;

    private const string Count = """
        UPDATE recoveries SET attempted = attempted + 1, succeeded = succeeded + @p1, failed = failed + @p2,
            total = CASE WHEN total > attempted THEN total ELSE attempted + 1 END
        WHERE id = @p0
        """;

    /// <summary>Adds the result of an attempt of a recovery.</summary>
    public static void AddResult(StoreSession session, Guid recoveryId, DeliveryAttempt attempt, DateTimeOffset at)
    {
        bool succeeded = attempt.FailureClass is null;
        if (session.Execute(InsertResult, recoveryId, attempt.DeliveryId, attempt.Id, succeeded, at.ToUnixTimeMilliseconds()) == 1)
        {
            session.Send(Count, recoveryId, succeeded ? 1 : 0, succeeded ? 0 : 1);
        }
    }
}
