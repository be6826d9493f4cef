using Radzen;
using WebhookConsole.Components.Dialogs;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;
using WebhookConsole.Ui;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Components.Pages.Webhooks.Forms;

/// <summary>Opens the dialogs of webhooks.</summary>
public static class WebhookDialogs
{
    /// <returns>True when it was saved; false for Cancel, Esc and the x.</returns>
    public static async Task<bool> EditWebhookAsync(this DialogService dialogs, string title, IReadOnlyDictionary<string, object?> parameters) =>
        await dialogs.OpenAsync<WebhookDialog>(title, new Dictionary<string, object?>(parameters), DialogExtensions.Options("680px")) is true;

    /// <summary>Shows a secret once. Only its own buttons close it.</summary>
    /// <returns>True when the person wants to see receiver code next.</returns>
    public static async Task<bool> ShowSecretAsync(this DialogService dialogs, SecretNotice notice)
    {
        DialogOptions options = DialogExtensions.Options("560px");
        bool once = notice.Secret is not null;
        options.CloseDialogOnEsc = !once;
        options.ShowClose = !once;
        string title = notice switch
        {
            { Rotated: true } => "Secret rotated",
            { Secret: null } => "Webhook created",
            _ => "Store the signing secret",
        };
        return await dialogs.OpenAsync<SecretDialog>(title, With((nameof(SecretDialog.Notice), notice)), options) is SecretDialogResult.ShowCode;
    }

    /// <returns>Null when the person cancelled.</returns>
    /// <param name="secrets">The secrets that are valid now.</param>
    public static async Task<RotateChoice?> AskRotationAsync(this DialogService dialogs, Webhook webhook, IReadOnlyList<SecretInfo> secrets) =>
        await dialogs.OpenAsync<RotateDialog>(
            "Rotate the signing secret?",
            With((nameof(RotateDialog.Webhook), webhook), (nameof(RotateDialog.Secrets), secrets)),
            DialogExtensions.Options("540px")
        ) as RotateChoice;

    /// <param name="held">All that is held.</param>
    /// <param name="turnsOn">True when the webhook is turned on with the answer.</param>
    /// <param name="countSince">Counts what is held since a time.</param>
    /// <returns>Null when the person cancelled.</returns>
    public static async Task<HeldChoice?> AskHeldAsync(
        this DialogService dialogs,
        string name,
        RecoveryEstimate held,
        bool turnsOn,
        Func<DateTimeOffset, Task<RecoveryEstimate?>> countSince
    ) =>
        await dialogs.OpenAsync<HeldDialog>(
            turnsOn ? $"Turn on {name}?" : Formats.Count(held.Total, "held delivery", "held deliveries"),
            With(
                (nameof(HeldDialog.Name), name),
                (nameof(HeldDialog.Held), held),
                (nameof(HeldDialog.TurnsOn), turnsOn),
                (nameof(HeldDialog.CountSince), countSince)
            ),
            DialogExtensions.Options("540px")
        ) as HeldChoice;

    /// <summary>The question before a webhook is deleted.</summary>
    /// <param name="open">Deliveries that are pending, retrying or held.</param>
    public static ConfirmRequest DeleteRequest(Webhook webhook, int open) =>
        new("Delete webhook?", "This cannot be undone. To pause deliveries, disable the webhook instead.", "Delete webhook")
        {
            Danger = true,
            TypeToConfirm = webhook.Name,
            Consequences =
            [
                open == 0
                    ? "No deliveries are waiting; new events are no longer delivered to it."
                    : $"{Formats.Count(open, "waiting delivery is", "waiting deliveries are")} cancelled, and new events are no longer delivered to it.",
                "Its signing secrets are destroyed.",
                "Its history stays readable until retention removes it.",
            ],
        };

    private static Dictionary<string, object?> With(params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        Dictionary<string, object?> result = new(StringComparer.Ordinal);
        foreach ((string name, object? value) in parameters)
        {
            result[name] = value;
        }

        return result;
    }
}
