using Microsoft.AspNetCore.Authentication;

namespace WebhookConsole.Tokens;

/// <summary>Registers the services of API tokens.</summary>
public static class TokenServices
{
    public static IServiceCollection AddTokens(this IServiceCollection services)
    {
        services.AddSingleton<ApiLimits>();
        services.AddSingleton<ApiTokenService>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiTokenAuthentication>(ApiTokenAuthentication.SchemeName, null);
        return services;
    }
}
