using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using WebhookConsole.Accounts;

namespace WebhookConsole.Components.Gate;

/// <summary>
/// Ends open pages of people who were removed, demoted or got a new password, and of browsers that signed out, within half a minute
/// (specification §2).
/// </summary>
internal sealed class SessionRevalidation(ILoggerFactory logs, Sessions sessions) : RevalidatingServerAuthenticationStateProvider(logs)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(30);

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        sessions.IsAliveAsync(authenticationState.User, cancellationToken);
}
