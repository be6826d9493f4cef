using Microsoft.AspNetCore.Authentication.Cookies;

namespace WebhookConsole.Edge;

/// <summary>
/// Names cookies <c>__Host-…</c> over https: browsers then accept them only with Secure, for this host alone and all its paths, so that
/// neither another subdomain nor plain http can plant one (RFC 6265bis §4.1.3.2). Over http, where the prefix is not allowed, they keep
/// their plain name.
/// </summary>
internal sealed class HostCookies : ICookieManager
{
    public const string Prefix = "__Host-";

    private readonly ChunkingCookieManager _cookies = new();

    public string? GetRequestCookie(HttpContext context, string key) => _cookies.GetRequestCookie(context, NameOf(context, key));

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options) =>
        _cookies.AppendResponseCookie(context, NameOf(context, key), value, options);

    public void DeleteCookie(HttpContext context, string key, CookieOptions options) => _cookies.DeleteCookie(context, NameOf(context, key), options);

    private static string NameOf(HttpContext context, string key) => context.Request.IsHttps ? Prefix + key : key;
}
