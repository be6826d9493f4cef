using System.Net.Sockets;
using System.Text;

namespace WebhookConsole.Health;

/// <summary>
/// Tells systemd when the server answers and when it begins to stop, for units with <c>Type=notify</c> (sd_notify(3)).
/// </summary>
internal static partial class SystemdNotice
{
    /// <param name="app">Before it is started.</param>
    /// <param name="path">The socket, from <c>NOTIFY_SOCKET</c>; without it nobody wants to know.</param>
    public static void NotifySystemd(this WebApplication app, string? path)
    {
        if (string.IsNullOrEmpty(path))
        {
            return;
        }

        // The name of an abstract socket is written with an @ and begins with a NUL.
        UnixDomainSocketEndPoint systemd = new(path[0] == '@' ? "\0" + path[1..] : path);
        app.Lifetime.ApplicationStarted.Register(() => Send(app.Logger, systemd, "READY=1"));
        app.Lifetime.ApplicationStopping.Register(() => Send(app.Logger, systemd, "STOPPING=1"));
    }

    private static void Send(ILogger logger, UnixDomainSocketEndPoint systemd, string state)
    {
        try
        {
            using Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.ASCII.GetBytes(state), systemd);
        }
        catch (SocketException exception)
        {
            NotTold(logger, exception, state);
        }
    }

    [LoggerMessage(LogLevel.Warning, "systemd could not be told {State}")]
    private static partial void NotTold(ILogger logger, Exception exception, string state);
}
