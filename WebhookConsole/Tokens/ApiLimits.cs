using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Edge;

namespace WebhookConsole.Tokens;

/// <summary>How often a token may be used, and how often an address may try wrong tokens of either kind (specification §12, §15).</summary>
public sealed class ApiLimits(IOptions<LimitsOptions> limits) : IDisposable
{
    private static readonly TimeSpan s_fill = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_guessWindow = TimeSpan.FromMinutes(1);

    // The partition is the token, not its text, so that made-up tokens cannot create endless partitions.
    private readonly PartitionedRateLimiter<Guid> _calls = PartitionedRateLimiter.Create<Guid, Guid>(token =>
        RateLimitPartition.GetTokenBucketLimiter(
            token,
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = limits.Value.RequestsPerSecond,
                TokensPerPeriod = Math.Max(1, limits.Value.RequestsPerSecond / 10),
                ReplenishmentPeriod = s_fill,
            }
        )
    );

    private readonly PartitionedRateLimiter<string> _guesses = PartitionedRateLimiter.Create<string, string>(address =>
        RateLimitPartition.GetFixedWindowLimiter(
            address,
            _ => new FixedWindowRateLimiterOptions { PermitLimit = limits.Value.WrongTokensPerMinute, Window = s_guessWindow }
        )
    );

    /// <summary>Counts a call.</summary>
    /// <param name="callerId">A token, or a person with an access token.</param>
    public CallLimit Call(Guid callerId)
    {
        using RateLimitLease lease = _calls.AttemptAcquire(callerId);
        return new CallLimit(lease.IsAcquired, limits.Value.RequestsPerSecond, _calls.GetStatistics(callerId)?.CurrentAvailablePermits ?? 0);
    }

    /// <summary>How long an address has to wait after too many wrong tokens; null while it may try. Counts nothing.</summary>
    public TimeSpan? WaitAfterWrongTokens(string? remoteAddress) =>
        _guesses.GetStatistics(ClientAddress.NetworkOf(remoteAddress)) is { CurrentAvailablePermits: 0 } ? s_guessWindow : null;

    /// <summary>Counts a wrong token of an address.</summary>
    /// <returns>How long to wait, if there have been too many before it.</returns>
    public TimeSpan? CountWrongToken(string? remoteAddress)
    {
        using RateLimitLease lease = _guesses.AttemptAcquire(ClientAddress.NetworkOf(remoteAddress));
        return lease.IsAcquired ? null : s_guessWindow;
    }

    public void Dispose()
    {
        _calls.Dispose();
        _guesses.Dispose();
    }
}
