using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;

namespace WebhookConsole.Edge;

/// <summary>
/// Decides whose <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> are trusted: only those of the proxies in <c>Proxy:…</c>. The audit
/// log, the limits per address and the flags of cookies rely on it.
/// </summary>
internal static class TrustedProxies
{
    private const ForwardedHeaders Headers = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;

    // This comes last: ASPNETCORE_FORWARDEDHEADERS_ENABLED would trust everybody, and the framework's default trusts all programs on this machine.
    public static void AddTrustedProxies(this IServiceCollection services) =>
        services
            .AddOptions<ForwardedHeadersOptions>()
            .PostConfigure<IOptions<ProxyOptions>, IConfiguration>(
                (forwarded, proxy, configuration) =>
                {
                    forwarded.KnownProxies.Clear();
                    forwarded.KnownIPNetworks.Clear();
                    Array.ForEach(proxy.Value.KnownProxies, a => forwarded.KnownProxies.Add(IPAddress.Parse(a)));
                    Array.ForEach(proxy.Value.KnownNetworks, n => forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(n)));
                    forwarded.ForwardedHeaders = proxy.Value.IsSet ? Headers : ForwardedHeaders.None;

                    // Entries are read from the last one back while a known proxy wrote them, so a forged beginning is never reached.
                    forwarded.ForwardLimit = null;
                    forwarded.AllowedHosts = AllowedHosts(configuration["AllowedHosts"]);
                }
            );

    // A forwarded host is checked against the same list as a direct one.
    private static string[] AllowedHosts(string? setting) =>
        setting?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } hosts && !hosts.Contains("*")
            ? hosts
            : [];
}
