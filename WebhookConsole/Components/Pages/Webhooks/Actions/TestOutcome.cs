using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Webhooks.Actions;

/// <summary>The result of a test as it is shown beside its button.</summary>
/// <param name="Succeeded">Answered with 2xx.</param>
/// <param name="Word">Code or failure with the time it took: <c>200 in 34 ms</c>, <c>Timed out after 10 s</c>.</param>
/// <param name="Text">What happened and what to do; null when it succeeded.</param>
public sealed record TestOutcome(Guid DeliveryId, bool Succeeded, string Word, string? Text)
{
    public static TestOutcome Of(TestResult result)
    {
        DeliveryAttempt attempt = result.Attempt;
        string time = Formats.Milliseconds(attempt.DurationMs);
        if (attempt.FailureClass is not { } failure)
        {
            return new TestOutcome(result.Delivery.Id, true, $"{attempt.StatusCode} in {time}", null);
        }

        FailureText text = FailureTexts.For(failure, attempt.StatusCode, attempt.ErrorDetail);
        string word = attempt.StatusCode is { } code ? $"{code} in {time}" : $"{text.Title} after {time}";
        return new TestOutcome(result.Delivery.Id, false, word, $"{text.Diagnosis} {text.Remedy}");
    }
}
