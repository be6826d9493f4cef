using WebhookConsole.Domain;
using WebhookConsole.Signing;

namespace WebhookConsole.Components.Pages.Webhooks.Forms;

/// <summary>A field in which a form and the newer webhook differ (specification §17, stale edit).</summary>
/// <param name="Newer">The value that somebody else saved.</param>
/// <param name="Typed">The value in the form.</param>
/// <param name="Take">Puts the newer value into the form.</param>
public sealed record EditConflict(string Field, string Newer, string Typed, Action Take)
{
    /// <summary>All conflicting fields, in the order of the form.</summary>
    public static IReadOnlyList<EditConflict> Between(WebhookForm form, Webhook webhook)
    {
        WebhookForm newer = WebhookForm.Of(webhook);
        EditConflict[] fields =
        [
            new("Name", newer.Name, form.Name, () => form.Name = newer.Name),
            new("URL", newer.Url, form.Url, () => form.Url = newer.Url),
            new("Description", newer.Description, form.Description, () => form.Description = newer.Description),
            new(
                "Events",
                Events(newer),
                Events(form),
                () =>
                {
                    form.AllEvents = newer.AllEvents;
                    form.Patterns.Clear();
                    form.Patterns.UnionWith(newer.Patterns);
                }
            ),
            new("Enabled", YesNo(newer.Enabled), YesNo(form.Enabled), () => form.Enabled = newer.Enabled),
            new("Signature", Signature(newer), Signature(form), () => (form.Format, form.SignatureHeader) = (newer.Format, newer.SignatureHeader)),
            new("Retries", Retries(newer), Retries(form), () => (form.Schedule, form.CustomDelays) = (newer.Schedule, newer.CustomDelays)),
            new(
                "Extra headers",
                Headers(newer),
                Headers(form),
                () =>
                {
                    form.Headers.Clear();
                    form.Headers.AddRange(newer.Headers);
                }
            ),
            new("Concurrent requests", newer.MaxInFlight, form.MaxInFlight, () => form.MaxInFlight = newer.MaxInFlight),
            new("Rate limit", newer.RateLimit, form.RateLimit, () => form.RateLimit = newer.RateLimit),
        ];
        return fields.Where(f => !string.Equals(f.Newer.Trim(), f.Typed.Trim(), StringComparison.Ordinal)).ToArray();
    }

    private static string Events(WebhookForm form) => form.AllEvents ? "All events" : string.Join(", ", form.Patterns.Order(StringComparer.Ordinal));

    private static string YesNo(bool value) => value ? "Yes" : "No";

    private static string Signature(WebhookForm form) =>
        $"{SignatureFormats.For(form.Format).Title} {(form.Format == SignatureFormat.BodyHex ? form.SignatureHeader : "")}";

    private static string Retries(WebhookForm form) => form.Schedule == WebhookForm.CustomSchedule ? form.CustomDelays : form.Schedule;

    private static string Headers(WebhookForm form) =>
        string.Join(", ", form.Headers.Where(h => !h.IsEmpty).Select(h => $"{h.Name}: {(h.IsKept ? h.Hint : "a new value")}"));
}
