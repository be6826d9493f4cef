using WebhookConsole.Components.Pages.Webhooks;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Components.Webhooks;

internal static class Samples
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private static readonly DateTimeOffset s_now = new(2026, 11, 20, 14, 0, 0, TimeSpan.Zero);

    public static Webhook Webhook(string name = "Billing", SignatureFormat format = SignatureFormat.Standard) =>
        new()
        {
            Id = Ids.New(s_now),
            ProjectId = Ids.New(s_now),
            Name = name,
            Url = "https://example.com/hooks",
            Format = format,
            Enabled = true,
            Verified = true,
            CreatedAt = s_now,
            UpdatedAt = s_now,
        };

    public static WebhookRow Row(Webhook webhook, int held = 0, bool claimable = false) =>
        new(webhook, new WebhookActivity(null, [.. Enumerable.Repeat((0, 0), WebhookStats.Hours)], 0, held), claimable);
}
