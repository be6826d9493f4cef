using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Tokens;

/// <summary>Tokens by which others have got in elsewhere (RFC 8725), each a right one but for what its name says.</summary>
internal static class HostileTokens
{
    private static readonly Dictionary<string, Func<Maker, string>> s_all = new(StringComparer.Ordinal)
    {
        ["none"] = m => m.Unsigned("none"),
        ["None in another case"] = m => m.Unsigned("nOnE"),
        ["no signature"] = m => m.Right()[..(m.Right().LastIndexOf('.') + 1)],
        ["HS256 with the public key"] = m => m.Hs256(m.Server.Rsa.ExportSubjectPublicKeyInfoPem()),
        ["HS256 with the modulus"] = m => m.Hs256(TokenServer.ToJwk("rsa-1", m.Server.Rsa)["n"]!.GetValue<string>()),
        ["RS512"] = m => m.With((h, _) => h["alg"] = "RS512"),
        ["signed with another key"] = m => TokenServer.Sign(m.Header(), m.Payload(), RSA.Create(2048)),
        ["wrong kid"] = m => m.With((h, _) => h["kid"] = "rsa-9"),
        ["kid of another kind of key"] = m => m.With((h, _) => h["kid"] = "ec-1"),
        ["kid of a path"] = m => m.With((h, _) => h["kid"] = "../../etc/passwd"),
        ["no kid"] = m => m.With((h, _) => h.Remove("kid")),
        ["kid is no text"] = m => m.With((h, _) => h["kid"] = 1),
        ["jwk in the header"] = m => m.OwnKey((h, key) => h["jwk"] = TokenServer.ToJwk("own", key)),
        ["jwk under a known kid"] = m => m.OwnKey((h, key) => (h["kid"], h["jwk"]) = ("rsa-1", TokenServer.ToJwk("rsa-1", key))),
        ["x5c in the header"] = m => m.OwnKey((h, key) => h["x5c"] = new JsonArray(Convert.ToBase64String(key.ExportRSAPublicKey()))),
        ["jku in the header"] = m => m.OwnKey((h, _) => h["jku"] = m.Server.Address + "/own"),
        ["x5u in the header"] = m => m.OwnKey((h, _) => h["x5u"] = m.Server.Address + "/own.pem"),
        ["other audience"] = m => m.With((_, p) => p["aud"] = "https://elsewhere.example.com"),
        ["no audience"] = m => m.With((_, p) => p.Remove("aud")),
        ["audience is an object"] = m => m.With((_, p) => p["aud"] = new JsonObject { ["a"] = TokenServer.Audience }),
        ["other issuer"] = m => m.With((_, p) => p["iss"] = "https://elsewhere.example.com"),
        ["issuer with a path"] = m => m.With((_, p) => p["iss"] = m.Server.Address + "/other"),
        ["no issuer"] = m => m.With((_, p) => p.Remove("iss")),
        ["expired"] = m => m.With((_, p) => p["exp"] = m.Now.AddMinutes(-2).ToUnixTimeSeconds()),
        ["no expiry"] = m => m.With((_, p) => p.Remove("exp")),
        ["expiry is text"] = m => m.With((_, p) => p["exp"] = "never"),
        ["expiry is beyond all time"] = m => m.With((_, p) => p["exp"] = 1e300),
        ["expiry is negative"] = m => m.With((_, p) => p["exp"] = -1),
        ["not yet valid"] = m => m.With((_, p) => p["nbf"] = m.Now.AddMinutes(2).ToUnixTimeSeconds()),
        ["issued in the future"] = m => m.With((_, p) => p["iat"] = m.Now.AddMinutes(2).ToUnixTimeSeconds()),
        ["huge"] = m => m.With((_, p) => p["more"] = new string('a', 20_000)),
        ["deep"] = m => m.Server.Sign(m.Header(), "{\"a\":" + new string('[', 500) + new string(']', 500) + "," + m.Payload()[1..]),
        ["nested in another"] = m => m.Server.Sign(m.Header(h => h["cty"] = "JWT"), m.Right()),
        ["encrypted"] = m => TokenServer.Encode("""{"alg":"dir","enc":"A256GCM"}""") + "..aaaa.bbbb.cccc",
        ["five parts"] = m => m.Right() + ".aaaa.bbbb",
        ["wrong typ"] = m => m.With((h, _) => h["typ"] = "logout+jwt"),
        ["no typ"] = m => m.With((h, _) => h.Remove("typ")),
        ["unknown crit"] = m => m.With((h, _) => (h["crit"], h["x"]) = (new JsonArray("x"), 1)),
        ["crit b64"] = m => m.With((h, _) => (h["crit"], h["b64"]) = (new JsonArray("b64"), false)),
        ["compressed"] = m => m.With((h, _) => h["zip"] = "DEF"),
        ["broken base64"] = m => "eyJ!" + m.Right(),
        ["padded base64"] = m => m.Right().Replace(".", "=.", StringComparison.Ordinal),
        ["header twice a name"] = m => m.Server.Sign("""{"alg":"none",""" + m.Header()[1..], m.Payload()),
        ["payload twice a name"] = m => m.Server.Sign(m.Header(), """{"email":"nobody@example.com",""" + m.Payload()[1..]),
        ["payload twice an issuer"] = m => m.Server.Sign(m.Header(), """{"iss":"https://elsewhere.example.com",""" + m.Payload()[1..]),
        ["payload is a list"] = m => m.Server.Sign(m.Header(), "[" + m.Payload() + "]"),
        ["payload is not JSON"] = m => m.Server.Sign(m.Header(), "eyJ"),
        ["payload is not UTF-8"] = m => m.Server.Sign(m.Header(), m.Payload().Replace("auth0", "auth0\\ud800", StringComparison.Ordinal)),
        ["email is a list"] = m => m.With((_, p) => p["email"] = new JsonArray(m.Email)),
        ["changed payload"] = m => m.Changed(),
        ["email with a NUL"] = m => m.With((_, p) => p["email"] = m.Email + "\0"),
        ["two tokens"] = m => m.Right() + " " + m.Right(),
    };

    public static IEnumerable<string> Names => s_all.Keys;

    public static string Make(string name, TokenServer server, string email, DateTimeOffset now) => s_all[name](new Maker(server, email, now));

    private sealed record Maker(TokenServer Server, string Email, DateTimeOffset Now)
    {
        public string Right() => Server.Token(Email, Now);

        public string With(Action<JsonObject, JsonObject> change) => Server.Token(Email, Now, change: change);

        public string Header(Action<JsonObject>? change = null) => Part(0, change);

        public string Payload() => Part(1, null);

        public string Unsigned(string algorithm) => TokenServer.Encode(Header(h => h["alg"] = algorithm)) + "." + TokenServer.Encode(Payload()) + ".";

        public string Hs256(string key)
        {
            string signed = TokenServer.Encode(Header(h => h["alg"] = "HS256")) + "." + TokenServer.Encode(Payload());
            byte[] signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes(signed));
            return signed + "." + System.Buffers.Text.Base64Url.EncodeToString(signature);
        }

        // A key of the sender's own, which the header wants to be believed.
        public string OwnKey(Action<JsonObject, RSA> change)
        {
            using RSA key = RSA.Create(2048);
            return TokenServer.Sign(
                Header(h =>
                {
                    h["kid"] = "own";
                    change(h, key);
                }),
                Payload(),
                key
            );
        }

        public string Changed()
        {
            string[] parts = Right().Split('.');
            return $"{parts[0]}.{TokenServer.Encode(Payload().Replace("auth0", "auth1", StringComparison.Ordinal))}.{parts[2]}";
        }

        private string Part(int index, Action<JsonObject>? change)
        {
            JsonObject part = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(Right().Split('.')[index]))!.AsObject();
            change?.Invoke(part);
            return part.ToJsonString();
        }
    }
}
