using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;

namespace WebhookConsole.Components.Pages.Events;

/// <summary>Whether and how a person may replay a delivery.</summary>
public enum ReplayOption
{
    /// <summary>They may not replay: nothing is shown.</summary>
    Absent = 0,

    Now = 1,

    /// <summary>The webhook is disabled; they may, after a warning.</summary>
    AfterWarning = 2,

    /// <summary>The webhook is disabled and their role is too low.</summary>
    NeedsAdmin = 3,

    /// <summary>There is no longer an address.</summary>
    WebhookDeleted = 4,
}

/// <summary>The rule behind <see cref="ReplayOption"/>, for the detail of a delivery and for its row.</summary>
public static class ReplayOptions
{
    /// <param name="webhook">State of the webhook that the delivery goes to.</param>
    /// <param name="page">Knows what the person may do.</param>
    public static ReplayOption Of(WebhookState webhook, PageHost page) =>
        webhook switch
        {
            WebhookState.Deleted => ReplayOption.WebhookDeleted,
            _ when !page.May(Permission.ReplayDeliveries) => ReplayOption.Absent,
            WebhookState.Disabled or WebhookState.Error => page.May(Permission.ReplayWhileDisabled) ? ReplayOption.AfterWarning : ReplayOption.NeedsAdmin,
            _ => ReplayOption.Now,
        };
}
