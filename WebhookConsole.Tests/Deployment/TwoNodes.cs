using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using WebhookConsole.Tests.Browser;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deployment;

/// <summary>Two processes on one PostgreSQL database behind the nginx site of docs/cluster.md.</summary>
internal sealed class TwoNodes : IAsyncDisposable
{
    public const string Email = "owner@example.com";
    public const string Password = "three unrelated words";
    private const string Host = BrowserFixture.PublicName;

    private readonly TestCa _ca = new();
    private readonly TestDatabase _database;
    private readonly List<ConsoleProcess> _nodes = [];
    private Nginx? _nginx;

    private TwoNodes(TestDatabase database) => _database = database;

    public IReadOnlyList<ConsoleProcess> Nodes => _nodes;

    public Nginx Nginx => _nginx!;

    /// <summary>Where browsers find it.</summary>
    public Uri Url => new($"https://{Host}:{Nginx.HttpsPort}");

    public static async Task<TwoNodes> StartAsync()
    {
        RequiredTool.Nginx.Demand();
        TwoNodes cluster = new(await TestDatabase.PostgresAsync());
        try
        {
            // Both at once: one of them makes the tables.
            cluster._nodes.AddRange(await Task.WhenAll(cluster.StartNodeAsync("node1"), cluster.StartNodeAsync("node2")));
            cluster._nginx = await Nginx.StartAsync(
                Manual.Block("cluster.md", "# /etc/nginx/conf.d/webhookconsole.conf"),
                new Dictionary<string, Uri>(StringComparer.Ordinal) { ["10.0.0.11:5080"] = cluster.Nodes[0].Url, ["10.0.0.12:5080"] = cluster.Nodes[1].Url },
                cluster._ca.Issue(Host)
            );
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A backend that calls the API of the default project through nginx.</summary>
    public HttpClient Backend()
    {
        SocketsHttpHandler handler = new()
        {
            UseProxy = false,
            ConnectCallback = async (_, cancellationToken) =>
            {
                Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPAddress.Loopback, Nginx.HttpsPort, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        handler.SslOptions.CertificateChainPolicy = _ca.Trust();
        return new HttpClient(handler)
        {
            BaseAddress = new Uri(Url, "/api/v1/projects/default/"),
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", TestApp.Token) },
        };
    }

    public async ValueTask DisposeAsync()
    {
        if (_nginx is not null)
        {
            await _nginx.DisposeAsync();
        }

        foreach (ConsoleProcess node in _nodes)
        {
            await node.DisposeAsync();
        }

        await _database.DisposeAsync();
        _ca.Dispose();
    }

    private Task<ConsoleProcess> StartNodeAsync(string name) =>
        ConsoleProcess.StartBuildAsync(
            new(StringComparer.Ordinal)
            {
                ["Storage__Provider"] = "PostgreSql",
                ["Storage__ConnectionString"] = _database.ConnectionString!,
                ["Cluster__Enabled"] = "true",
                ["Cluster__Key"] = "a-key-for-tests-0123456789-0123456789",
                ["Cluster__NodeName"] = name,
                ["Proxy__KnownProxies__0"] = "127.0.0.1",
                ["AllowedHosts"] = $"{Host};127.0.0.1",
                ["Setup__OwnerEmail"] = Email,
                ["Setup__OwnerPassword"] = Password,
                ["Setup__ApiToken"] = TestApp.Token,
                ["Webhooks__VerifyOnCreate"] = "false",
            }
        );
}
