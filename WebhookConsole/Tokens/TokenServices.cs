using Microsoft.AspNetCore.Authentication;
using WebhookConsole.Tokens.OpenId;

namespace WebhookConsole.Tokens;

/// <summary>Registers the services of API tokens and access tokens.</summary>
public static class TokenServices
{
    public static IServiceCollection AddTokens(this IServiceCollection services)
    {
        services.AddSingleton<ApiLimits>();
        services.AddSingleton<TokenCache>();
        services.AddSingleton<ApiTokenService>();
        services
            .AddAuthentication()
            .AddScheme<AuthenticationSchemeOptions, ApiTokenAuthentication>(
                ApiTokenAuthentication.SchemeName,
                scheme => scheme.ForwardDefaultSelector = AccessTokenServices.SchemeOf
            );
        services.AddAccessTokens();
        return services;
    }
}
