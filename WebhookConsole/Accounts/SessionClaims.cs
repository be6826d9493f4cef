using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using WebhookConsole.Data;

namespace WebhookConsole.Accounts;

/// <summary>Gives every new sign-in its id (<see cref="Sessions"/>).</summary>
internal sealed class SessionClaims(UserManager<ConsoleUser> users, RoleManager<IdentityRole<Guid>> roles, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<ConsoleUser, IdentityRole<Guid>>(users, roles, options)
{
    /// <summary>A cookie that is renewed stays the same session.</summary>
    public static Task KeepIdAsync(SecurityStampRefreshingPrincipalContext context)
    {
        if (
            context.CurrentPrincipal?.FindFirst(Sessions.IdClaim) is { } current
            && context.NewPrincipal?.Identity is ClaimsIdentity renewed
            && renewed.FindFirst(Sessions.IdClaim) is { } made
        )
        {
            renewed.RemoveClaim(made);
            renewed.AddClaim(new Claim(Sessions.IdClaim, current.Value));
        }

        return Task.CompletedTask;
    }

    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(ConsoleUser user)
    {
        ClaimsIdentity identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim(Sessions.IdClaim, Sessions.NewId()));
        return identity;
    }
}

/// <summary>Looks at cookies every half minute: the stamp, as Identity does, and whether the session was signed out.</summary>
internal sealed class SessionValidator(
    IOptions<SecurityStampValidatorOptions> options,
    SignInManager<ConsoleUser> signIn,
    ILoggerFactory logs,
    Sessions sessions
) : SecurityStampValidator<ConsoleUser>(options, signIn, logs)
{
    protected override async Task<ConsoleUser?> VerifySecurityStamp(ClaimsPrincipal? principal) =>
        principal is not null && await sessions.IsAliveAsync(principal) ? await base.VerifySecurityStamp(principal) : null;
}
