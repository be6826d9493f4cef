using System.Net;
using System.Net.Sockets;
using System.Text;
using WebhookConsole.People;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.People;

/// <summary>Links by mail, against an SMTP server as small as one can be.</summary>
public sealed class LinkMailerTests
{
    private const string Url = "http://localhost/account/join#the-code";
    private static readonly PersonLink s_link = new(LinkKind.Join, Guid.Empty, "ada@example.com", "the-code", DateTimeOffset.UnixEpoch);

    private static TestAppSetup SetUp(int port, string security = "None") =>
        new()
        {
            Settings = new Dictionary<string, string?>
            {
                ["Mail:Host"] = "127.0.0.1",
                ["Mail:Port"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture),
                ["Mail:From"] = "console@example.com",
                ["Mail:Security"] = security,
            },
        };

    [Fact]
    public async Task Send_ServerTakesIt_HoldsTheLink()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        Task<string> received = ReceiveAsync(listener);
        await using TestApp app = await TestApp.StartAsync(SetUp(((IPEndPoint)listener.LocalEndpoint).Port));
        Assert.True(app.Get<LinkMailer>().IsOn);
        Assert.Null(await app.Get<LinkMailer>().SendAsync(s_link, Url, default));
        string mail = await received;
        Assert.Contains("RCPT TO:<ada@example.com>", mail, StringComparison.Ordinal);
        Assert.Contains(Url, mail.Replace("=\r\n", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Send_NobodyListens_SaysSoAndLogsNoCode()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        await using TestApp app = await TestApp.StartAsync(SetUp(port));
        string? problem = await app.Get<LinkMailer>().SendAsync(s_link, Url, default);
        Assert.Contains($"127.0.0.1:{port}", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(app.Log.Lines, l => l.Contains("the-code", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Mail_HostWithoutFrom_StopsTheStart()
    {
        TestAppSetup setup = new() { Settings = new Dictionary<string, string?> { ["Mail:Host"] = "mail.example.com" } };
        Exception refusal = await Assert.ThrowsAnyAsync<Exception>(() => TestApp.StartAsync(setup));
        Assert.Contains("Mail:From", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<string> ReceiveAsync(TcpListener listener)
    {
        using TcpClient client = await listener.AcceptTcpClientAsync();
        using StreamReader reader = new(client.GetStream(), Encoding.ASCII);
        await using StreamWriter writer = new(client.GetStream(), Encoding.ASCII) { AutoFlush = true, NewLine = "\r\n" };
        StringBuilder all = new();
        bool data = false;
        await writer.WriteLineAsync("220 test");
        while (await reader.ReadLineAsync() is { } line)
        {
            all.Append(line).Append("\r\n");
            if (data)
            {
                data = line != ".";
                if (!data)
                {
                    await writer.WriteLineAsync("250 taken");
                    break;
                }
            }
            else
            {
                data = line == "DATA";
                await writer.WriteLineAsync(data ? "354 go on" : "250 ok");
            }
        }

        return all.ToString();
    }
}
