using WebhookConsole.Domain;

namespace WebhookConsole.Components.Pages.Events;

/// <summary>Payloads as files.</summary>
public static class PayloadFile
{
    /// <summary>Type and id: <c>order.paid-019a….json</c>.</summary>
    public static string NameOf(WebhookEvent sent) => $"{sent.Type}-{sent.Id}.json";
}
