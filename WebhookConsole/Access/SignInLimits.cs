using System.Threading.RateLimiting;
using Microsoft.AspNetCore.RateLimiting;

namespace WebhookConsole.Access;

/// <summary>How often one address may try to sign in or to set up (SPEC §15). Lockout guards one account; this guards against trying many.</summary>
internal static class SignInLimits
{
    private const int TriesPerMinute = 20;

    public static void Configure(RateLimiterOptions options)
    {
        options.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        options.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context =>
            HttpMethods.IsPost(context.Request.Method) && IsSignIn(context.Request.Path)
                ? RateLimitPartition.GetFixedWindowLimiter(
                    context.Connection.RemoteIpAddress?.ToString() ?? "",
                    _ => new FixedWindowRateLimiterOptions { PermitLimit = TriesPerMinute, Window = TimeSpan.FromMinutes(1) }
                )
                : RateLimitPartition.GetNoLimiter("")
        );
    }

    private static bool IsSignIn(PathString path) =>
        path.StartsWithSegments("/account", StringComparison.OrdinalIgnoreCase) || path.StartsWithSegments("/setup", StringComparison.OrdinalIgnoreCase);
}
