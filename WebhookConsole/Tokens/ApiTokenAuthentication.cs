using System.Globalization;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using WebhookConsole.Domain;
using WebhookConsole.Edge;

namespace WebhookConsole.Tokens;

/// <summary><c>Authorization: Bearer …</c> with an API token. The actor is stored as a feature of the request.</summary>
internal sealed class ApiTokenAuthentication(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory logger,
    UrlEncoder encoder,
    ApiTokenService tokens
) : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string SchemeName = "ApiToken";
    private const string Prefix = "Bearer ";

    // A handler serves only one request.
    private TimeSpan? _retryAfter;

    /// <summary>The token of a request; null when it has none.</summary>
    public static string? TextOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
            ? header[Prefix.Length..].Trim()
            : null;

    /// <summary>Answers that there were too many calls or too many wrong tokens; the body is the API's problem details.</summary>
    public static void RefuseFor(HttpResponse response, TimeSpan wait)
    {
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        response.Headers.RetryAfter = wait.TotalSeconds.ToString("0", CultureInfo.InvariantCulture);
    }

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (TextOf(Request) is not { } text)
        {
            return AuthenticateResult.NoResult();
        }

        (Actor? actor, _retryAfter, CallLimit? limit) = await tokens.AuthenticateAsync(text, Context.RemoteAddress());
        limit?.WriteTo(Response);
        if (actor is null)
        {
            return AuthenticateResult.Fail("The token is wrong, expired or revoked.");
        }

        Context.Features.Set(actor);
        ClaimsIdentity identity = new([new Claim(ClaimTypes.Name, actor.Name)], SchemeName);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), SchemeName));
    }

    // RFC 6750 §3 defines the header; the body is the API's problem details.
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        if (_retryAfter is { } wait)
        {
            RefuseFor(Response, wait);
            return Task.CompletedTask;
        }

        Response.StatusCode = StatusCodes.Status401Unauthorized;
        Response.Headers.WWWAuthenticate = Request.Headers.Authorization.Count == 0 ? "Bearer" : "Bearer error=\"invalid_token\"";
        return Task.CompletedTask;
    }
}
