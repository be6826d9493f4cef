using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;
using WebhookConsole.Data;

namespace WebhookConsole.Access;

/// <summary>The door of people, tokens and keys.</summary>
public static class AccessServices
{
    /// <summary>How long a device that asked for it is not asked for a code of the authenticator app again.</summary>
    public static readonly TimeSpan RememberDeviceFor = TimeSpan.FromDays(30);

    public static IServiceCollection AddConsoleAccess(this IServiceCollection services)
    {
        services.AddSingleton<Members>();
        services.AddSingleton<AccessChanges>();
        services.AddSingleton<ApiLimits>();
        services.AddSingleton<ApiTokens>();
        services.AddSingleton<SetupService>();
        services.AddSingleton<Projects>();
        services.AddSingleton<AuditReader>();
        services.AddSingleton<SignInRecord>();
        services.AddSingleton<Sessions>();
        services.AddScoped<OwnPassword>();
        services.AddScoped<OwnAccount>();
        services.AddScoped<TwoFactor>();
        services.AddScoped<Passkeys>();
        services.AddDataProtection().SetApplicationName("WebhookConsole");
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>, KeyRingBesideTheData>();

        services
            .AddAuthentication(IdentityConstants.ApplicationScheme)
            .AddScheme<AuthenticationSchemeOptions, ApiTokenAuthentication>(ApiTokenAuthentication.SchemeName, null)
            .AddIdentityCookies();
        services.ConfigureApplicationCookie(cookie =>
        {
            cookie.LoginPath = "/account/login";
            cookie.AccessDeniedPath = "/account/login";
            cookie.ReturnUrlParameter = "returnUrl";
            cookie.Cookie.Name = "webhookconsole";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.ExpireTimeSpan = Sessions.CookieLife;
            cookie.SlidingExpiration = true;
        });
        services.Configure<CookieAuthenticationOptions>(IdentityConstants.TwoFactorRememberMeScheme, cookie => cookie.ExpireTimeSpan = RememberDeviceFor);
        services.AddAuthorization();
        services.AddRateLimiter(SignInLimits.Configure);

        services
            .AddIdentityCore<ConsoleUser>(identity =>
            {
                identity.User.RequireUniqueEmail = true;
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
        services.Configure<IdentityPasskeyOptions>(PasskeyRules.Configure);

        // A changed password or role, or signing out, ends cookies within a minute (SPEC §2).
        services.AddScoped<ISecurityStampValidator, SessionValidator>();
        services.Configure<SecurityStampValidatorOptions>(stamp =>
        {
            stamp.ValidationInterval = TimeSpan.FromSeconds(30);
            stamp.OnRefreshingPrincipal = SessionClaims.KeepIdAsync;
        });
        return services;
    }

    // The key ring lies beside the database, not in it: a stolen copy of the database gives away no secret.
    private sealed class KeyRingBesideTheData(DataDirectory directory, ILoggerFactory logs) : IConfigureOptions<KeyManagementOptions>
    {
        public void Configure(KeyManagementOptions options)
        {
            DirectoryInfo folder = Directory.CreateDirectory(directory.KeyRing);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(folder.FullName, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            options.XmlRepository = new FileSystemXmlRepository(folder, logs);
        }
    }
}
