using Microsoft.AspNetCore.Components;
using Radzen;
using WebhookConsole.Components.Gate;
using WebhookConsole.Domain;

namespace WebhookConsole.Components.Notices;

/// <summary>
/// Says what happened, in the corner of the window. A notice never holds a secret, stays long enough to be read, and offers Undo where the
/// change can really be undone.
/// </summary>
public sealed class Notifier(NotificationService notifications, ConsoleSession session)
{
    /// <summary>Long enough for two sentences; notices also stay until closed while the pointer cannot reach them (WCAG 2.2.1 asks for time, not for a number).</summary>
    private const double ReadMs = 8_000;

    // Deciding takes longer than reading.
    private const double DecideMs = 15_000;

    // An error should not disappear while somebody looks for its cause.
    private const double FailureMs = 30_000;

    /// <param name="text">What happened: "Disabled Slack SOC channel."</param>
    /// <param name="detail">What it means: "New events are held."</param>
    /// <param name="undo">Undoes the change and returns what to say then; the same rules apply as to any other change.</param>
    public void Done(string text, string? detail = null, Func<Actor, Task<string>>? undo = null) => Show(NotificationSeverity.Success, text, detail, undo);

    /// <summary>Something that a person should know even though nothing went wrong in the console.</summary>
    public void Warn(string text, string? detail = null) => Show(NotificationSeverity.Warning, text, detail, null);

    public void Failed(string text) => Show(NotificationSeverity.Error, text, null, null);

    private void Show(NotificationSeverity severity, string text, string? detail, Func<Actor, Task<string>>? undo)
    {
        NotificationMessage message = new()
        {
            Severity = severity,
            Summary = text,
            Detail = detail ?? "",
            Duration =
                severity == NotificationSeverity.Error ? FailureMs
                : undo is null ? ReadMs
                : DecideMs,
        };
        if (undo is not null)
        {
            message.DetailContent = _ => Undo(message, detail, undo);
        }

        notifications.Notify(message);
    }

    private RenderFragment Undo(NotificationMessage message, string? detail, Func<Actor, Task<string>> undo) =>
        builder =>
        {
            builder.OpenComponent<UndoDetail>(0);
            builder.AddAttribute(1, nameof(UndoDetail.Text), detail);
            builder.AddAttribute(2, nameof(UndoDetail.Undo), () => UndoAsync(message, undo));
            builder.CloseComponent();
        };

    // The person may have left the page that made the change, so nothing here depends on it.
    private async Task UndoAsync(NotificationMessage message, Func<Actor, Task<string>> undo)
    {
        try
        {
            string said = await undo(await session.ActorAsync());
            notifications.Messages.Remove(message);
            Done(said);
        }
        catch (RuleException exception)
        {
            notifications.Messages.Remove(message);
            Failed(exception.Message);
        }
        catch (OperationCanceledException)
        {
            // The session has ended, and the browser is on its way to the sign-in page.
        }
    }
}
