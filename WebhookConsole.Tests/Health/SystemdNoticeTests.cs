using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using WebhookConsole.Health;
using WebhookConsole.Tests.Browser;

namespace WebhookConsole.Tests.Health;

/// <summary>What systemd is told (sd_notify(3)), by a socket in its place.</summary>
public sealed class SystemdNoticeTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("webhookconsole-notify-").FullName;
    private readonly Socket _systemd = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    private string Path => System.IO.Path.Combine(_folder, "notify");

    public void Dispose()
    {
        _systemd.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Server_StartAndStop_AreTold()
    {
        _systemd.Bind(new UnixDomainSocketEndPoint(Path));
        await using WebApplication app = Empty();
        app.NotifySystemd(Path);
        await app.StartAsync();
        Assert.Equal("READY=1", await ReceiveAsync());
        await app.StopAsync();
        Assert.Equal("STOPPING=1", await ReceiveAsync());
    }

    [Fact]
    public async Task AbstractSocket_WithAnAt_IsFound()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string name = _folder.Replace('/', '-');
        _systemd.Bind(new UnixDomainSocketEndPoint("\0" + name));
        await using WebApplication app = Empty();
        app.NotifySystemd("@" + name);
        await app.StartAsync();
        Assert.Equal("READY=1", await ReceiveAsync());
    }

    [Fact]
    public async Task SocketThatIsGone_Server_StartsAllTheSame()
    {
        await using WebApplication app = Empty();
        app.NotifySystemd(Path);
        await app.StartAsync();
        Assert.True(app.Lifetime.ApplicationStarted.IsCancellationRequested);
    }

    [Fact]
    public async Task Process_WithNotifySocket_TellsWhenItAnswers()
    {
        _systemd.Bind(new UnixDomainSocketEndPoint(Path));
        await using ConsoleProcess console = await ConsoleProcess.StartBuildAsync(new(StringComparer.Ordinal) { ["NOTIFY_SOCKET"] = Path });
        Assert.Equal("READY=1", await ReceiveAsync());
    }

    private static WebApplication Empty()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }

    private async Task<string> ReceiveAsync()
    {
        byte[] buffer = new byte[100];
        int count = await _systemd.ReceiveAsync(buffer).WaitAsync(s_patience);
        return Encoding.ASCII.GetString(buffer, 0, count);
    }
}
