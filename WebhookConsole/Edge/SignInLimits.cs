using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace WebhookConsole.Edge;

/// <summary>How often one address may try to sign in or to set up (specification §15). The lockout guards one account, this guards many.</summary>
internal static class SignInLimits
{
    private const int AttemptsPerMinute = 20;

    public static void Configure(RateLimiterOptions options)
    {
        options.OnRejected = TellAsync;
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            HttpMethods.IsPost(context.Request.Method) && IsSignIn(context.Request.Path)
                ? RateLimitPartition.GetFixedWindowLimiter(
                    ClientAddress.NetworkOf(context.RemoteAddress()),
                    _ => new FixedWindowRateLimiterOptions { PermitLimit = AttemptsPerMinute, Window = TimeSpan.FromMinutes(1) }
                )
                : RateLimitPartition.GetNoLimiter("")
        );
    }

    private static async ValueTask TellAsync(OnRejectedContext rejected, CancellationToken cancellationToken)
    {
        TimeSpan wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out TimeSpan left) ? left : TimeSpan.FromMinutes(1);
        rejected.HttpContext.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        await PlainAnswer.WriteAsync(
            rejected.HttpContext,
            StatusCodes.Status429TooManyRequests,
            "Too many attempts from this address. Wait a minute, then try again."
        );
    }

    private static bool IsSignIn(PathString path) =>
        path.StartsWithSegments("/account", StringComparison.OrdinalIgnoreCase) || path.StartsWithSegments("/setup", StringComparison.OrdinalIgnoreCase);
}
