using Microsoft.AspNetCore.Authentication.Cookies;

namespace WebhookConsole.Edge;

/// <summary>Registers what is between the network and the application.</summary>
public static class EdgeServices
{
    public static IServiceCollection AddEdge(this IServiceCollection services)
    {
        services.ConfigureAll<CookieAuthenticationOptions>(cookie => cookie.CookieManager = new HostCookies());
        services.AddAntiforgery(form =>
        {
            form.Cookie.Name = "webhookconsole.form";
            form.Cookie.HttpOnly = true;
            form.Cookie.SameSite = SameSiteMode.Strict;
            form.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddTrustedProxies();
        services.AddConnectionLimits();
        services.AddLeaving();
        services.AddAuthorization();
        services.AddRateLimiter(SignInLimits.Configure);
        return services;
    }
}
