using Microsoft.AspNetCore.Components;
using WebhookConsole.Accounts;
using WebhookConsole.Components.Gate;
using WebhookConsole.Domain;

namespace WebhookConsole.Components.Account.Profile;

/// <summary>
/// Base of the forms of one's own account. A successful change leads back to the page with a notice, so that a reload does not repeat it; a
/// refused one says why, next to its field.
/// </summary>
public abstract class AccountForm : ComponentBase
{
    [Inject]
    protected ConsoleSession Session { get; set; } = default!;

    [Inject]
    protected NavigationManager Navigation { get; set; } = default!;

    [Inject]
    private SignInService SignIn { get; set; } = default!;

    /// <summary>The sentences of the refusal, keyed by field.</summary>
    protected IReadOnlyDictionary<string, string[]> Errors { get; private set; } = new Dictionary<string, string[]>(StringComparer.Ordinal);

    /// <summary>A refusal that is not about one field.</summary>
    protected string? Error { get; private set; }

    /// <param name="endsSessions">True when the change ended all sessions, so this one needs a new cookie.</param>
    /// <returns>True when it worked.</returns>
    protected async Task<bool> TryAsync(Func<Actor, Task> change, bool endsSessions = false)
    {
        try
        {
            Actor actor = await Session.ActorAsync();
            await change(actor);
            if (endsSessions)
            {
                await SignIn.StayAsync(actor);
            }

            return true;
        }
        catch (RuleException exception)
        {
            Errors = exception.Errors;
            Error = Errors.Count == 0 ? exception.Message : null;
            return false;
        }
    }

    /// <param name="notice">One of <see cref="Ui.ProfileNotices"/>.</param>
    protected void Done(string notice) => Navigation.NavigateTo(Ui.ConsoleUrls.ProfileDone(notice), forceLoad: true);

    /// <summary>The <c>aria-invalid</c> of a field.</summary>
    protected string? Invalid(string field) => Errors.ContainsKey(field) ? "true" : null;

    /// <summary>The CSS class of a field.</summary>
    protected string Class(string field) => Errors.ContainsKey(field) ? "input invalid" : "input";
}
