using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using WebhookConsole.Configuration;

namespace WebhookConsole.Tokens.OpenId;

/// <summary>Registers the check of OpenID Connect access tokens (specification §12).</summary>
internal static class AccessTokenServices
{
    public const string SchemeName = "OpenIdConnect";
    private static readonly TimeSpan s_skew = TimeSpan.FromSeconds(30);

    public static IServiceCollection AddAccessTokens(this IServiceCollection services)
    {
        services.AddSingleton<AuthorityKeys>();
        services.AddSingleton<TokenPeople>();
        services.AddSingleton<AccessTokenEvents>();
        services.AddAuthentication().AddJwtBearer(SchemeName, jwt => jwt.EventsType = typeof(AccessTokenEvents));
        services.AddOptions<JwtBearerOptions>(SchemeName).Configure<IOptions<JwtOptions>, AuthorityKeys, TimeProvider>(Configure);
        return services;
    }

    /// <summary>The scheme for a request: null for the one of API tokens.</summary>
    public static string? SchemeOf(HttpContext context) =>
        ApiTokenAuthentication.TextOf(context.Request) is { } text
        && AccessTokenText.IsOne(text)
        && context.RequestServices.GetRequiredService<IOptions<JwtOptions>>().Value.IsOn
            ? SchemeName
            : null;

    private static void Configure(JwtBearerOptions jwt, IOptions<JwtOptions> options, AuthorityKeys keys, TimeProvider clock)
    {
        jwt.ConfigurationManager = keys;
        jwt.RefreshOnIssuerKeyNotFound = false;
        jwt.SaveToken = false;
        jwt.MapInboundClaims = false;
        jwt.TokenHandlers.Clear();
        jwt.TokenHandlers.Add(new JsonWebTokenHandler { MapInboundClaims = false, MaximumTokenSizeInBytes = AccessTokenText.MaxLength });
        jwt.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256],
            ValidAudience = options.Value.Audience,
            ValidateIssuer = true,
            ValidateAudience = true,
            ValidateIssuerSigningKey = true,
            RequireSignedTokens = true,
            RequireExpirationTime = true,

            // Only the key that the token names is tried.
            TryAllIssuerSigningKeys = false,
            LifetimeValidator = (from, until, token, _) => IsCurrent(from, until, (token as JsonWebToken)?.IssuedAt, clock.GetUtcNow().UtcDateTime),
        };
    }

    // The library reads a missing time as the first moment there is.
    private static bool IsCurrent(DateTime? from, DateTime? until, DateTime? issued, DateTime now) =>
        until > now - s_skew && !(from > now + s_skew) && !(issued > now + s_skew);
}
