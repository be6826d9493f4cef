using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Inbox;

/// <summary>What an inbox answers, as steps and as text: each follows the other. It shows which step is next.</summary>
public partial class InboxAnswerForm
{
    private InboxAnswers _form = InboxAnswers.Of(AnswerSequence.Ok);
    private AnswerSequence? _seen;
    private string _text = "";
    private string? _error;
    private bool _saving;

    [Parameter, EditorRequired]
    public InboxEndpoint Inbox { get; set; } = default!;

    [Parameter, EditorRequired]
    public Func<AnswerSequence, Task> Save { get; set; } = default!;

    /// <summary>Begins the saved sequence again.</summary>
    [Parameter, EditorRequired]
    public EventCallback Restart { get; set; }

    [Inject]
    private IOptions<AutoDisableOptions> AutoDisable { get; set; } = default!;

    [Inject]
    private IOptions<DeliveryOptions> Delivery { get; set; } = default!;

    private bool Changed => _text != Inbox.Answers.ToString();

    private string NextText
    {
        get
        {
            (int step, long nth) = Inbox.Answers.PlaceAt(Inbox.Answered);
            return Inbox.Answers.Repeats || step < Inbox.Answers.Steps.Count - 1
                ? $"Next: {Formats.Count(nth)} of {Formats.Count(Inbox.Answers.Steps[step].Count)}"
                : "From now on";
        }
    }

    private string TimeLimit => $"WebhookConsole waits at most {Delivery.Value.TimeoutSeconds} s for an answer";

    private string InARow =>
        AutoDisable.Value.ConsecutiveServerErrors switch
        {
            0 => ".",
            1 => "; one server error disables the webhook.",
            var limit => $"; {limit} server errors in a row disable the webhook.",
        };

    private bool TimesOut => _form.Steps.Any(s => s.DelayMs >= Delivery.Value.TimeoutSeconds * 1000);

    private string Hint =>
        _form.Steps.Count > 1
            ? (
                _form.Repeats
                    ? "Each request takes the next answer, and after the last step the sequence begins again."
                    : "Each request takes the next answer. The last step answers everything that follows."
            ) + (TimesOut ? $" {TimeLimit}, so attempts that meet a longer delay time out and are retried." : "")
        : TimesOut ? $"{TimeLimit}, so its attempts time out and are retried."
        : _form.Steps[0].Status switch
        {
            >= 200 and < 300 => "2xx: the delivery succeeds.",
            >= 300 and < 400 => "3xx: redirects are not followed, so the attempt fails and is retried.",
            401 => "401: the attempt fails as signature_invalid, as if your receiver refused the signature.",
            410 => "410: the endpoint is permanently gone, so the webhook is disabled at once.",
            429 => "429: the webhook slows down and tries again later.",
            503 => $"503: the webhook slows down and tries again{InARow}",
            >= 500 => $"5xx: the attempt fails and is retried{InARow}",
            _ => "4xx: the attempt fails and is retried on its schedule.",
        };

    // Somebody else's change is shown only while nobody is typing here.
    protected override void OnParametersSet()
    {
        bool untouched = _seen is null || _text == _seen.ToString();
        _seen = Inbox.Answers;
        if (untouched)
        {
            Reset();
        }
    }

    private bool IsNext(int index) => !Changed && Inbox.Answers.Steps.Count > 1 && Inbox.Answers.PlaceAt(Inbox.Answered).Step == index;

    private void Reset()
    {
        _form = InboxAnswers.Of(Inbox.Answers);
        _text = Inbox.Answers.ToString();
        _error = null;
    }

    private void Add()
    {
        _form.Steps.Add(new InboxAnswerStep());
        Edited();
    }

    private void Remove(InboxAnswerStep step)
    {
        _form.Steps.Remove(step);
        Edited();
    }

    private void Edited()
    {
        _text = _form.ToString();
        _form.TryRead(out _, out _error);
    }

    private void ReadText(ChangeEventArgs e)
    {
        _text = ((string?)e.Value ?? "").Trim();
        if (AnswerSequence.TryRead(_text, out AnswerSequence? sequence, out _error))
        {
            _form = InboxAnswers.Of(sequence);
            _text = sequence.ToString();
        }
    }

    private async Task SaveAsync()
    {
        if (_saving || !AnswerSequence.TryRead(_text, out AnswerSequence? sequence, out _error))
        {
            return;
        }

        _saving = true;
        await Save(sequence);
        _saving = false;
    }
}
