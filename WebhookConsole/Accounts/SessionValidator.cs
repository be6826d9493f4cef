using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Options;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Edge;

namespace WebhookConsole.Accounts;

/// <summary>
/// Checks for every request with a cookie whether its session is still valid, so that no page, form, download or circuit accepts one that
/// has ended, and keeps the person it finds for the rest of the request. It costs one statement by primary key, and nothing is remembered
/// between requests: a session that another process ends is over immediately as well.
/// </summary>
internal sealed class SessionValidator(SessionService sessions) : ISecurityStampValidator
{
    public async Task ValidateAsync(CookieValidatePrincipalContext context)
    {
        // Scripts and styles are the same for everybody.
        if (context.Principal is null || context.HttpContext.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null)
        {
            return;
        }

        HttpContext request = context.HttpContext;
        if (await sessions.FindActorAsync(context.Principal, request.RemoteAddress(), request.RequestAborted) is { } person)
        {
            request.Features.Set(new RequestPerson(person));
        }
        else
        {
            context.RejectPrincipal();
        }
    }
}

/// <summary>Whose cookie came with a request. It is a separate feature, as the API accepts only tokens and finds their actor elsewhere.</summary>
internal sealed record RequestPerson(Actor Actor);

public static class RequestPersonExtensions
{
    /// <summary>The person who is signed in, with role and projects as they were at the beginning of the request; null when nobody is.</summary>
    public static Actor? Person(this HttpContext context) => context.Features.Get<RequestPerson>()?.Actor;
}

/// <summary>Gives every sign-in its id (<see cref="SessionService"/>).</summary>
internal sealed class SessionClaims(UserManager<ConsoleUser> users, RoleManager<IdentityRole<Guid>> roles, IOptions<IdentityOptions> options)
    : UserClaimsPrincipalFactory<ConsoleUser, IdentityRole<Guid>>(users, roles, options)
{
    protected override async Task<ClaimsIdentity> GenerateClaimsAsync(ConsoleUser user)
    {
        ClaimsIdentity identity = await base.GenerateClaimsAsync(user);
        identity.AddClaim(new Claim(SessionService.IdClaim, SessionService.NewId()));
        return identity;
    }
}
