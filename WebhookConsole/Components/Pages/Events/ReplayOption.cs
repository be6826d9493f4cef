namespace WebhookConsole.Components.Pages.Events;

/// <summary>Whether and how a person may replay a delivery.</summary>
public enum ReplayOption
{
    /// <summary>They may not replay: nothing is shown.</summary>
    Absent = 0,

    Now = 1,

    /// <summary>The webhook is off; they may, after a warning.</summary>
    AfterWarning = 2,

    /// <summary>The webhook is off and their role is too low.</summary>
    NeedsAdmin = 3,

    /// <summary>There is no longer an address.</summary>
    WebhookDeleted = 4,
}
