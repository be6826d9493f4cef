using System.Net;
using System.Net.Sockets;

namespace WebhookConsole.Targets;

/// <summary>An open connection to a receiver.</summary>
/// <param name="Stream">Owns the socket; TLS comes on top of it.</param>
/// <param name="RemoteEndPoint">The connected address, which was checked.</param>
public sealed record TargetConnection(NetworkStream Stream, IPEndPoint RemoteEndPoint);
