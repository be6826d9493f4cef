using System.Net;
using System.Net.Sockets;

namespace WebhookConsole.Targets;

/// <summary>An open connection to a receiver.</summary>
/// <param name="Stream">Owns the socket; TLS comes on top of it.</param>
/// <param name="RemoteEndPoint">The address that was checked and is connected to.</param>
public sealed record TargetConnection(NetworkStream Stream, IPEndPoint RemoteEndPoint);
