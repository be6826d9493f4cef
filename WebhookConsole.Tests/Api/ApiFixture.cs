using System.Text.Json;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Api;

/// <summary>One application for the tests that change nothing another one sees.</summary>
[CollectionDefinition(Collection)]
public sealed class ApiFixture : IAsyncLifetime, ICollectionFixture<ApiFixture>
{
    public const string Collection = "One application for the API";

    public TestApp App { get; private set; } = null!;

    public Receiver Receiver { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Receiver = await Receiver.StartAsync();
        App = await TestApp.StartAsync(new TestAppSetup { Settings = new Dictionary<string, string?> { ["Limits:WebhooksPerProject"] = "200" } });
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        await Receiver.DisposeAsync();
    }
}

/// <summary>Calls to the real application with a real SQLite file.</summary>
public abstract class ApiTestBase(ApiFixture fixture)
{
    private static int s_name;

    protected TestApp App => fixture.App;

    protected Receiver Receiver => fixture.Receiver;

    protected static string NewName() => "hook " + Interlocked.Increment(ref s_name);

    // Listens to nothing that other tests post.
    protected Task<JsonElement> NewWebhookAsync(object? more = null) =>
        App.CreateWebhookAsync(Receiver.Url, name: NewName(), more: more ?? new { eventTypes = new[] { "never.posted" } });
}
