namespace WebhookConsole.Components.Pages.Events;

/// <summary>Whether and how a person may replay a delivery.</summary>
public enum ReplayOption
{
    /// <summary>Not theirs to do: nothing is shown.</summary>
    Absent = 0,

    Now = 1,

    /// <summary>The webhook is off; they may, after a warning.</summary>
    AfterWarning = 2,

    /// <summary>The webhook is off and their role does not reach.</summary>
    NeedsAdmin = 3,

    /// <summary>There is no address any more.</summary>
    WebhookDeleted = 4,
}
