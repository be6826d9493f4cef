using System.Net;
using System.Net.Sockets;

namespace WebhookConsole.Tests.Support;

/// <summary>Ports for programs that have to be told theirs before they start.</summary>
internal static class Ports
{
    /// <summary>One that nobody listened on a moment ago.</summary>
    public static int Free()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
