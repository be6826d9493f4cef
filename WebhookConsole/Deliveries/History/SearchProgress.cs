namespace WebhookConsole.Deliveries.History;

/// <summary>
/// How far a search of more than one step has come, and when it must stop and ask. Between two steps it rests for as long as the last one
/// took, half a second at most, so that deliveries get their turn.
/// </summary>
public sealed class SearchProgress(TimeProvider clock)
{
    /// <summary>A search stops after this many deliveries.</summary>
    public const int MaxDeliveries = 500_000;

    /// <summary>A search stops after this time.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_longestRest = TimeSpan.FromMilliseconds(500);

    private readonly long _start = clock.GetTimestamp();
    private long _step = clock.GetTimestamp();

    /// <summary>Deliveries looked at.</summary>
    public long Searched { get; private set; }

    /// <summary>Where the search has got to; null when it has reached the end of the range.</summary>
    public DateTimeOffset? BackTo { get; private set; }

    /// <summary>True when the bound is reached and there is more.</summary>
    public bool IsAtBound => BackTo is not null && (Searched >= MaxDeliveries || clock.GetElapsedTime(_start) >= MaxTime);

    /// <summary>Counts a step.</summary>
    public void Add(DeliveryPage page)
    {
        Searched += page.Searched;
        BackTo = page.SearchedTo;
    }

    /// <summary>Waits between two steps.</summary>
    public async Task RestAsync(CancellationToken cancellationToken)
    {
        TimeSpan took = clock.GetElapsedTime(_step);
        await Task.Delay(took < s_longestRest ? took : s_longestRest, clock, cancellationToken);
        _step = clock.GetTimestamp();
    }
}
