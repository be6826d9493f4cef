using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace WebhookConsole.Targets;

/// <summary>
/// The outbound guard (specification §15), called by <c>SocketsHttpHandler.ConnectCallback</c> for verify, test, deliver and replay alike. It
/// resolves the host, refuses it if ANY address is forbidden, and connects to an address that it has checked: never to a name, which may
/// lead elsewhere a moment later (DNS rebinding).
/// </summary>
/// <param name="allowed"><c>Delivery:AllowedNetworks</c>.</param>
/// <param name="resolve">Resolves a name to its addresses; null asks the system. Called once per connect.</param>
public sealed class TargetGuard(IReadOnlyList<IPNetwork> allowed, Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null)
{
    private readonly Func<string, CancellationToken, Task<IPAddress[]>> _resolve = resolve ?? Dns.GetHostAddressesAsync;

    /// <summary>Connects to the first address of <paramref name="host"/> that answers.</summary>
    /// <param name="host">A name, or an IPv4 or IPv6 literal with or without brackets.</param>
    /// <param name="port">TCP port.</param>
    /// <param name="cancellationToken">Enforces the time limit of the attempt, which covers resolving and connecting.</param>
    /// <param name="resolved">Called with every address of the host, before one is refused or connected to.</param>
    /// <exception cref="BlockedAddressException">An address is forbidden. Nothing was sent.</exception>
    /// <exception cref="NameResolutionException">The name has no address.</exception>
    /// <exception cref="SocketException">No address could be connected to; the error is that of the last one.</exception>
    public async ValueTask<TargetConnection> ConnectAsync(
        string host,
        int port,
        CancellationToken cancellationToken,
        Action<IReadOnlyList<AddressVerdict>>? resolved = null
    )
    {
        IPAddress[] addresses = await ResolveAsync(host, cancellationToken);
        AddressVerdict[] verdicts = Array.ConvertAll(addresses, Judge);
        resolved?.Invoke(verdicts);
        if (verdicts.FirstOrDefault(v => v.Refusal is not null)?.Refusal is { } refusal)
        {
            throw new BlockedAddressException(host, refusal);
        }

        for (int i = 0; ; i++)
        {
            try
            {
                return await ConnectAsync(new IPEndPoint(addresses[i], port), cancellationToken);
            }
            catch (SocketException) when (i < addresses.Length - 1)
            {
                // The next address may answer; the error of the last one is the one to report.
            }
        }
    }

    /// <summary>True for an IP address. It accepts 127.1, 0x7f000001 and the like, which the system's resolver would read as addresses.</summary>
    internal static bool TryReadLiteral(string host, [NotNullWhen(true)] out IPAddress? literal) => IPAddress.TryParse(host.TrimEnd('.'), out literal);

    private AddressVerdict Judge(IPAddress address) => new(address, AddressRules.IsForbidden(address, allowed, out AddressRefusal? refusal) ? refusal : null);

    private async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (TryReadLiteral(host, out IPAddress? literal))
        {
            return [literal];
        }

        try
        {
            IPAddress[] addresses = await _resolve(host, cancellationToken);
            return addresses.Length > 0 ? addresses : throw new NameResolutionException(host, null);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            throw new NameResolutionException(host, exception);
        }
    }

    private static async Task<TargetConnection> ConnectAsync(IPEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Requests are small and written in one go: waiting to fill packets only adds delay.
            socket.NoDelay = true;
            await socket.ConnectAsync(endPoint, cancellationToken);
            return new TargetConnection(new NetworkStream(socket, ownsSocket: true), endPoint);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
