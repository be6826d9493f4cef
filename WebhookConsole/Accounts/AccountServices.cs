using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using WebhookConsole.Data;
using WebhookConsole.Encryption;

namespace WebhookConsole.Accounts;

/// <summary>Registers the services of sign-in, sessions and one's own account.</summary>
public static class AccountServices
{
    /// <summary>How long a remembered device is not asked for a code from the authenticator app.</summary>
    public static readonly TimeSpan RememberDeviceFor = TimeSpan.FromDays(30);

    public static IServiceCollection AddAccounts(this IServiceCollection services)
    {
        services.AddSingleton<SignInRecorder>();
        services.AddSingleton<SessionService>();
        services.AddSingleton<PasswordCheck>();
        services.AddEncryptedValues<TwoFactorKeys>();
        services.AddScoped<PasswordVerifier>();
        services.AddScoped<OwnAccountService>();
        services.AddScoped<TwoFactorService>();
        services.AddScoped<PasskeyService>();
        services.AddScoped<SignInService>();
        AddCookies(services);
        AddIdentity(services);
        return services;
    }

    private static void AddCookies(IServiceCollection services)
    {
        services.AddAuthentication(IdentityConstants.ApplicationScheme).AddIdentityCookies();
        services.ConfigureApplicationCookie(cookie =>
        {
            cookie.LoginPath = "/account/login";
            cookie.AccessDeniedPath = "/account/login";
            cookie.ReturnUrlParameter = "returnUrl";
            cookie.Cookie.Name = "webhookconsole";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            cookie.ExpireTimeSpan = SessionService.CookieLife;
            cookie.SlidingExpiration = true;
        });
        services.Configure<CookieAuthenticationOptions>(IdentityConstants.TwoFactorRememberMeScheme, cookie => cookie.ExpireTimeSpan = RememberDeviceFor);
    }

    private static void AddIdentity(IServiceCollection services)
    {
        services
            .AddIdentityCore<ConsoleUser>(identity =>
            {
                identity.User.RequireUniqueEmail = true;

                // The e-mail address is the user name, and it may contain more characters than Identity allows (RFC 5322 §3.2.3).
                identity.User.AllowedUserNameCharacters += "!#$%&'*/=?^`{|}~";
                identity.Stores.SchemaVersion = IdentitySchemaVersions.Version3;

                // Length is what makes a password strong (NIST SP 800-63B §5.1.1.2); composition rules only annoy.
                identity.Password.RequiredLength = 12;
                identity.Password.RequireDigit = false;
                identity.Password.RequireLowercase = false;
                identity.Password.RequireUppercase = false;
                identity.Password.RequireNonAlphanumeric = false;
                identity.Password.RequiredUniqueChars = 4;
                identity.Lockout.MaxFailedAccessAttempts = 5;
                identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
            })
            .AddRoles<IdentityRole<Guid>>()
            .AddEntityFrameworkStores<ConsoleDbContext>()
            .AddSignInManager()
            .AddClaimsPrincipalFactory<SessionClaims>()
            .AddDefaultTokenProviders();
        services.Configure<IdentityPasskeyOptions>(PasskeyService.Configure);

        // An ended cookie is refused from the next request on (specification §17); remembered devices are checked likewise.
        services.AddScoped<ISecurityStampValidator, SessionValidator>();
        services.Configure<SecurityStampValidatorOptions>(stamp => stamp.ValidationInterval = TimeSpan.Zero);
    }
}
