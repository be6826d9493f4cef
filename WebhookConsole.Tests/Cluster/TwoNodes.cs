using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Cluster;

/// <summary>Two nodes of a cluster on one PostgreSQL database, in this process.</summary>
internal sealed class TwoNodes : IAsyncDisposable
{
    public const string Key = "the-key-of-the-cluster-of-the-tests-0123";

    private readonly List<string> _folders = [];
    private readonly List<TestApp> _started = [];

    private TwoNodes(TestDatabase database) => Database = database;

    public TestDatabase Database { get; }

    public TestApp First { get; private set; } = null!;

    public TestApp Second { get; private set; } = null!;

    /// <param name="settings">Of both.</param>
    public static Task<TwoNodes> StartAsync(params (string Key, string? Value)[] settings) => StartAsync(true, true, settings);

    /// <param name="first">False to start it later, or not at all.</param>
    /// <param name="second">False to start it later, or not at all.</param>
    /// <param name="settings">Of both.</param>
    public static async Task<TwoNodes> StartAsync(bool first = true, bool second = true, params (string Key, string? Value)[] settings)
    {
        TwoNodes nodes = new(await TestDatabase.PostgresAsync());
        nodes.First = first ? await nodes.StartNodeAsync("first", settings) : null!;
        nodes.Second = second ? await nodes.StartNodeAsync("second", settings) : null!;
        return nodes;
    }

    /// <summary>Starts one more node.</summary>
    /// <param name="settings">What differs from the others.</param>
    public async Task<TestApp> StartNodeAsync(string name, params (string Key, string? Value)[] settings)
    {
        string folder = Directory.CreateTempSubdirectory("webhookconsole-node-").FullName;
        _folders.Add(folder);
        Dictionary<string, string?> all = new(StringComparer.Ordinal)
        {
            ["Storage:Directory"] = folder,
            ["Cluster:Enabled"] = "true",
            ["Cluster:Key"] = Key,
            ["Cluster:NodeName"] = name,
        };
        foreach ((string key, string? value) in settings)
        {
            all[key] = value;
        }

        TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = Database, Settings = all });
        _started.Add(app);
        return app;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (TestApp app in _started)
        {
            await app.DisposeAsync();
        }

        await Database.DisposeAsync();
        _folders.ForEach(f => Directory.Delete(f, recursive: true));
    }
}
