using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Webhooks.Actions;

/// <summary>The result of a test as it is shown beside its button.</summary>
/// <param name="Succeeded">True when the answer was 2xx.</param>
/// <param name="Word">Code or failure with the time it took: <c>200 in 34 ms</c>, <c>Timed out after 10 s</c>.</param>
/// <param name="Text">What happened and what to do.</param>
/// <param name="Recorded">False while there is no delivery to open: the database cannot be written, and recording continues.</param>
public sealed record TestOutcome(Guid DeliveryId, bool Succeeded, string Word, string Text, bool Recorded)
{
    private const string NotRecorded = " It is not recorded yet: the database cannot be written now, but WebhookConsole keeps trying.";

    public static TestOutcome Of(TestResult result)
    {
        DeliveryAttempt attempt = result.Attempt;
        FailureText? failure = FailureTexts.Of(attempt);
        string time = Formats.Milliseconds(attempt.DurationMs);
        string word = attempt.StatusCode is { } code ? $"{code} in {time}" : $"{failure?.Title} after {time}";
        string text = failure is null ? "The endpoint accepted the test event." : $"{failure.Diagnosis} {failure.Remedy}";
        return new TestOutcome(result.Delivery.Id, failure is null, word, text + (result.Recorded ? "" : NotRecorded), result.Recorded);
    }
}
