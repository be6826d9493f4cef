using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;

namespace WebhookConsole.Tokens;

/// <summary>How often a token may be used, and how often an address may try unknown tokens (specification §12, §15).</summary>
public sealed class ApiLimits(IOptions<LimitsOptions> limits) : IDisposable
{
    private static readonly TimeSpan s_fill = TimeSpan.FromMilliseconds(100);

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
            _ => new FixedWindowRateLimiterOptions { PermitLimit = limits.Value.WrongTokensPerMinute, Window = TimeSpan.FromMinutes(1) }
        )
    );

    /// <summary>Counts a call.</summary>
    /// <param name="callerId">A token, or a person with an access token.</param>
    public CallLimit Call(Guid callerId)
    {
        using RateLimitLease lease = _calls.AttemptAcquire(callerId);
        return new CallLimit(lease.IsAcquired, limits.Value.RequestsPerSecond, _calls.GetStatistics(callerId)?.CurrentAvailablePermits ?? 0);
    }

    /// <summary>True while an address has tried too many wrong tokens; counts nothing.</summary>
    public bool IsGuessingBlocked(string address) => _guesses.GetStatistics(address) is { CurrentAvailablePermits: 0 };

    /// <summary>Counts a wrong token.</summary>
    public void CountWrongToken(string address) => _guesses.AttemptAcquire(address).Dispose();

    public void Dispose()
    {
        _calls.Dispose();
        _guesses.Dispose();
    }
}
