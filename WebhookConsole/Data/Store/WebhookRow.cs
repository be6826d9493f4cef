namespace WebhookConsole.Data.Store;

/// <summary>Asks the table of webhooks whether deliveries may go out, in a transaction that writes something because of the answer.</summary>
internal static class WebhookRow
{
    private const string IsActiveNow = "SELECT CASE WHEN enabled AND verified AND deleted_at IS NULL THEN 1 ELSE 0 END FROM webhooks WHERE id = @p0";

    // Whoever enables the webhook waits for this transaction, and then finds what it holds.
    private const string IsActiveAndStays = IsActiveNow + " FOR SHARE";

    /// <summary>The answer holds until the transaction ends.</summary>
    public static bool IsActive(StoreSession session, Guid webhookId) => session.Number(session.HasRowLocks ? IsActiveAndStays : IsActiveNow, webhookId) == 1;
}
