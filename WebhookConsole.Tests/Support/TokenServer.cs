using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace WebhookConsole.Tests.Support;

/// <summary>An OpenID Connect provider on a free port of the loopback address: discovery, keys, and tokens of any kind, right and wrong.</summary>
public sealed class TokenServer : IAsyncDisposable
{
    public const string Audience = "https://webhooks.example.com/api";

    private readonly WebApplication _app;
    private readonly Dictionary<string, AsymmetricAlgorithm> _keys = new(StringComparer.Ordinal);
    private int _reads;

    private TokenServer(WebApplication app) => _app = app;

    /// <summary>The issuer.</summary>
    public string Address { get; private set; } = "";

    /// <summary>What discovery says instead of <see cref="Address"/>.</summary>
    public string? ClaimedIssuer { get; set; }

    /// <summary>Awaited before every answer.</summary>
    public Func<HttpContext, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>How often the keys were read.</summary>
    public int Reads => Volatile.Read(ref _reads);

    public RSA Rsa => (RSA)_keys["rsa-1"];

    public static async Task<TokenServer> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        TokenServer server = new(builder.Build());
        server._keys["rsa-1"] = RSA.Create(2048);
        server._keys["ec-1"] = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        server._app.Use(
            async (context, next) =>
            {
                await server.Before(context);
                if (!context.Response.HasStarted)
                {
                    await next(context);
                }
            }
        );
        server._app.MapGet(
            "/.well-known/openid-configuration",
            () => Results.Json(new { issuer = server.ClaimedIssuer ?? server.Address, jwks_uri = server.Address + "/keys" })
        );
        server._app.MapGet(
            "/keys",
            () =>
            {
                Interlocked.Increment(ref server._reads);
                return Results.Json(new { keys = server._keys.Select(k => ToJwk(k.Key, k.Value)) });
            }
        );
        await server._app.StartAsync();
        server.Address = server._app.Urls.First();
        return server;
    }

    /// <summary>Replaces every key by a new one.</summary>
    public void Rotate(string keyId)
    {
        _keys.Clear();
        _keys[keyId] = RSA.Create(2048);
    }

    /// <summary>An access token as it should be, for one person.</summary>
    /// <param name="change">Makes it another one.</param>
    public string Token(string email, DateTimeOffset now, string keyId = "rsa-1", Action<JsonObject, JsonObject>? change = null)
    {
        JsonObject header = new()
        {
            ["alg"] = _keys[keyId] is RSA ? "RS256" : "ES256",
            ["typ"] = "at+jwt",
            ["kid"] = keyId,
        };
        JsonObject payload = new()
        {
            ["iss"] = Address,
            ["aud"] = Audience,
            ["sub"] = "auth0|64f1a2b3",
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(10).ToUnixTimeSeconds(),
            ["email"] = email,
            ["email_verified"] = true,
        };
        change?.Invoke(header, payload);
        return Sign(header.ToJsonString(), payload.ToJsonString(), _keys[keyId]);
    }

    /// <summary>The parts with a right signature, whatever they say.</summary>
    public string Sign(string header, string payload, string keyId = "rsa-1") => Sign(header, payload, _keys[keyId]);

    public static string Sign(string header, string payload, AsymmetricAlgorithm key)
    {
        string signed = Encode(header) + "." + Encode(payload);
        byte[] bytes = Encoding.ASCII.GetBytes(signed);
        byte[] signature = key is RSA rsa
            ? rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : ((ECDsa)key).SignData(bytes, HashAlgorithmName.SHA256);
        return signed + "." + Base64Url.EncodeToString(signature);
    }

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public static JsonObject ToJwk(string keyId, AsymmetricAlgorithm key)
    {
        JsonObject jwk = new() { ["kid"] = keyId, ["use"] = "sig" };
        if (key is RSA rsa)
        {
            RSAParameters parts = rsa.ExportParameters(false);
            (jwk["kty"], jwk["n"], jwk["e"]) = ("RSA", Base64Url.EncodeToString(parts.Modulus), Base64Url.EncodeToString(parts.Exponent));
        }
        else
        {
            ECPoint point = ((ECDsa)key).ExportParameters(false).Q;
            (jwk["kty"], jwk["crv"], jwk["x"], jwk["y"]) = ("EC", "P-256", Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        }

        return jwk;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        foreach (AsymmetricAlgorithm key in _keys.Values)
        {
            key.Dispose();
        }
    }
}
