using System.Net;
using System.Net.Sockets;
using System.Text;

namespace WebhookConsole.Tests.Support;

/// <summary>Requests that no client would send.</summary>
public static class RawRequest
{
    /// <returns>The beginning of the answer: its version and status, such as <c>HTTP/1.1 400 </c>.</returns>
    public static async Task<string> SendAsync(Uri server, string request)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, server.Port);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        byte[] answer = new byte[13];
        int length = await stream.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        return Encoding.ASCII.GetString(answer, 0, length);
    }
}
