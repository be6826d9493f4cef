using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;
using WebhookConsole.Domain;
using WebhookConsole.Edge;

namespace WebhookConsole.Tokens.OpenId;

/// <summary>An access token that is refused, with the sentence that its sender gets.</summary>
internal sealed class RefusedTokenException(string message) : Exception(message);

/// <summary>What happens around the check of the signature: the form before it, the person after it, and what a refusal says.</summary>
internal sealed class AccessTokenEvents(AuthorityKeys keys, TokenPeople people, ApiLimits limits) : JwtBearerEvents
{
    public override async Task MessageReceived(MessageReceivedContext context)
    {
        string text = ApiTokenAuthentication.TextOf(context.Request) ?? "";
        if (AccessTokenText.Read(text, out string problem) is not { } token)
        {
            context.Fail(new RefusedTokenException(problem));
            return;
        }

        await keys.PrepareAsync(token.KeyId);
        context.Token = text;
        context.HttpContext.Features.Set(token);
    }

    public override async Task TokenValidated(TokenValidatedContext context)
    {
        if (context.HttpContext.Features.Get<AccessTokenText>() is not { Email: { } email })
        {
            context.Fail(new RefusedTokenException("The token has no verified e-mail address: email, with email_verified true."));
            return;
        }

        Actor? person = await people.FindAsync(email, context.HttpContext.RemoteAddress(), context.HttpContext.RequestAborted);
        if (person is null)
        {
            context.Fail(new RefusedTokenException("Nobody here has the e-mail address of this token, or the account is locked."));
            return;
        }

        CallLimit limit = limits.Call(person.Id!.Value);
        limit.WriteTo(context.Response);
        if (!limit.IsAllowed)
        {
            throw new RuleException(RefusalKind.TooMany, "rate_limited", "Too many requests; try again after the time in Retry-After.");
        }

        context.HttpContext.Features.Set(person);
        context.Principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, person.Name)], AccessTokenServices.SchemeName));
    }

    // RFC 6750 §3 defines the header; the body is the API's problem details.
    public override Task Challenge(JwtBearerChallengeContext context)
    {
        context.HandleResponse();

        // As with API tokens, a token that was valid once is not a guess.
        if (context.AuthenticateFailure is not SecurityTokenInvalidLifetimeException && limits.CountWrongToken(context.HttpContext.RemoteAddress()) is { } wait)
        {
            ApiTokenAuthentication.RefuseFor(context.Response, wait);
            return Task.CompletedTask;
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.WWWAuthenticate = $"Bearer error=\"invalid_token\", error_description=\"{SentenceOf(context.AuthenticateFailure)}\"";
        return Task.CompletedTask;
    }

    private static string SentenceOf(Exception? failure) =>
        failure switch
        {
            RefusedTokenException refused => refused.Message,
            SecurityTokenInvalidLifetimeException => "The token has expired, or is not valid yet.",
            SecurityTokenInvalidAudienceException => "The token is for another audience.",
            SecurityTokenInvalidIssuerException => "The token is from another issuer.",
            SecurityTokenSignatureKeyNotFoundException => "The key that signed the token is not one of its issuer.",
            SecurityTokenInvalidSignatureException => "The signature of the token is wrong.",
            _ => "The token is not valid.",
        };
}
