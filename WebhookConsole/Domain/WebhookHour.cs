namespace WebhookConsole.Domain;

/// <summary>Attempts of one webhook in one hour, kept by the writer so that charts never count rows. Tests are not counted.</summary>
public sealed class WebhookHour
{
    public required Guid WebhookId { get; init; }

    /// <summary>Hours since 1970-01-01 UTC.</summary>
    public required long Hour { get; init; }

    public int Succeeded { get; set; }

    public int Failed { get; set; }

    public static long HourOf(DateTimeOffset time) => time.ToUnixTimeSeconds() / 3600;
}
