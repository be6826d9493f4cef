namespace WebhookConsole.Components.Pages.Recoveries;

/// <summary>The quick choices of the time range of a recovery.</summary>
public enum RecoverWindow
{
    Hour = 0,
    Day = 1,

    /// <summary>The calendar day before today, in the zone of the browser.</summary>
    Yesterday = 2,

    /// <summary>Since the webhook began to fail; nothing has succeeded since.</summary>
    FirstFailure = 3,

    /// <summary>Since the delivery that the dialog was opened from.</summary>
    Given = 4,

    /// <summary>All history that is kept.</summary>
    All = 5,

    /// <summary>The person chooses start and end.</summary>
    Custom = 6,
}
