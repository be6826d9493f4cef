using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Domain;

namespace WebhookConsole.Api.Bodies;

/// <summary>
/// Limits the bytes of request bodies in progress at the same time (<c>Limits:BodyMegabytes</c>), so that many large batches at
/// once cannot take the memory of the machine.
/// </summary>
internal sealed class BodyBudget(IOptions<LimitsOptions> limits) : IDisposable
{
    // A small body is not counted: the connection's own buffers are as large.
    private const int Free = 16 * 1024;
    private const int Step = 64 * 1024;

    private readonly ConcurrencyLimiter _steps = new(new ConcurrencyLimiterOptions { PermitLimit = limits.Value.BodyMegabytes * (1024 * 1024 / Step) });

    /// <summary>The share of one request, returned at its end. It grows with the bytes received: an announced length reserves nothing.</summary>
    public Account Open(HttpContext context) => new(_steps, context.Response);

    public void Dispose() => _steps.Dispose();

    /// <summary>The share of one request.</summary>
    internal sealed class Account(ConcurrencyLimiter steps, HttpResponse response) : IDisposable
    {
        private List<RateLimitLease>? _leases;
        private long _held = Free;

        /// <summary>Reserves room for a body of this many bytes.</summary>
        /// <exception cref="RuleException">Kind TooMany: the budget is used up by other requests.</exception>
        public void Demand(long bytes)
        {
            if (bytes <= _held)
            {
                return;
            }

            int needed = (int)((bytes - _held + Step - 1) / Step);
            RateLimitLease lease = steps.AttemptAcquire(needed);
            if (!lease.IsAcquired)
            {
                lease.Dispose();
                throw new RuleException(
                    RefusalKind.TooMany,
                    "too_many_uploads",
                    "Too many large requests at the same time. Nothing was accepted; try again in a second, with fewer requests at once."
                );
            }

            if (_leases is null)
            {
                _leases = [];
                response.RegisterForDispose(this);
            }

            _leases.Add(lease);
            _held += (long)needed * Step;
        }

        public void Dispose() => _leases?.ForEach(l => l.Dispose());
    }
}
