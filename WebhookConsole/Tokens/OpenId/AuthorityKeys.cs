using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using WebhookConsole.Configuration;
using WebhookConsole.Domain;

namespace WebhookConsole.Tokens.OpenId;

/// <summary>
/// The keys of the issuer, read from its discovery document and kept. Reading is bounded in time and bytes, and happens once however many
/// requests wait for it. Only a request whose key is unknown waits, so that an issuer that is away does not stop those whose key is known.
/// </summary>
internal sealed class AuthorityKeys(IOptions<JwtOptions> options, IHostEnvironment environment, TimeProvider clock, ILogger<AuthorityKeys> log)
    : IConfigurationManager<OpenIdConnectConfiguration>,
        IDisposable
{
    /// <summary>Of the discovery document and the keys together.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>After this time the keys are read again, while the known ones are still used: a withdrawn key ends.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    /// <summary>Without a new answer the known keys are used for so long.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromHours(24);

    /// <summary>At most once in this time a token with an unknown key makes us ask again: anybody can make up such tokens.</summary>
    public static readonly TimeSpan UnknownKeyPause = TimeSpan.FromMinutes(1);

    /// <summary>Between tries while nothing is known.</summary>
    public static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);

    private const string Discovery = "/.well-known/openid-configuration";
    private const int MaxDocument = 256 * 1024;

    // An issuer of the installation's own choice: the outbound guard is for targets that others choose.
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = Timeout,
            MaxResponseHeadersLength = 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        }
    )
    {
        Timeout = Timeout,
        MaxResponseContentBufferSize = MaxDocument,
    };

    private readonly Lock _gate = new();
    private volatile Known? _known;
    private Task? _reading;
    private long? _lastTry;

    /// <summary>Makes sure that the keys are known, and asks the issuer again where <paramref name="keyId"/> is new.</summary>
    /// <exception cref="RuleException">Kind Unavailable: the issuer does not answer, and nothing usable is known.</exception>
    public async Task PrepareAsync(string keyId)
    {
        Known? known = Usable();
        if (known?.Has(keyId) == true)
        {
            if (Age(known) >= Fresh)
            {
                _ = Read(RetryPause);
            }

            return;
        }

        await Read(known is null ? RetryPause : UnknownKeyPause);

        if (Usable() is null)
        {
            throw new RuleException(
                RefusalKind.Unavailable,
                "authority_unavailable",
                "The keys that this token is checked with cannot be read from its issuer now. Try again in a few seconds, or use an API token."
            );
        }
    }

    public Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancel) =>
        Usable() is { } known ? Task.FromResult(known.Configuration) : throw new InvalidOperationException("The keys have not been prepared.");

    /// <summary>Does nothing: <see cref="PrepareAsync"/> decides when to ask again.</summary>
    public void RequestRefresh() { }

    public void Dispose() => _http.Dispose();

    private Known? Usable() => _known is { } known && Age(known) < Kept ? known : null;

    private TimeSpan Age(Known known) => clock.GetElapsedTime(known.ReadAt);

    // Does nothing when the last try was a moment ago.
    private Task Read(TimeSpan pause)
    {
        lock (_gate)
        {
            if (_reading is { IsCompleted: false })
            {
                return _reading;
            }

            return _lastTry is { } last && clock.GetElapsedTime(last) < pause ? Task.CompletedTask : _reading = Task.Run(ReadAsync);
        }
    }

    private async Task ReadAsync()
    {
        string authority = options.Value.Authority!.TrimEnd('/');
        try
        {
            // The limit is the platform's time: it is about a real connection.
            using CancellationTokenSource limit = new(Timeout, TimeProvider.System);
            HttpDocumentRetriever documents = new(_http) { RequireHttps = !environment.IsDevelopment() };
            OpenIdConnectConfiguration read = await OpenIdConnectConfigurationRetriever
                .GetAsync(authority + Discovery, documents, limit.Token)
                .WaitAsync(limit.Token);
            if (read.Issuer?.TrimEnd('/') != authority)
            {
                // OpenID Connect Discovery §4.3.
                log.LogError("{Authority} says that its issuer is {Issuer}; access tokens are refused", authority, OutsideText.Excerpt(read.Issuer ?? ""));
            }
            else if (read.SigningKeys.Count == 0)
            {
                log.LogError("{Authority} has no signing keys; access tokens are refused", authority);
            }
            else
            {
                _known = new Known(read, clock.GetTimestamp());
            }
        }
        catch (Exception exception)
        {
            // Whatever an issuer answers, requests with other tokens go on.
            log.LogError(exception, "The keys of {Authority} could not be read", authority);
        }
        finally
        {
            lock (_gate)
            {
                _lastTry = clock.GetTimestamp();
            }
        }
    }

    private sealed record Known(OpenIdConnectConfiguration Configuration, long ReadAt)
    {
        public bool Has(string keyId) => Configuration.SigningKeys.Any(k => k.KeyId == keyId);
    }
}
