using WebhookConsole.Domain;
using WebhookConsole.People;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Tokens;

/// <summary>An application that trusts a token server, with one person of each role in the default project.</summary>
public sealed class AccessTokenFixture : IAsyncLifetime
{
    public const string Password = "correct horse battery staple";

    public TokenServer Server { get; private set; } = null!;

    public TestApp App { get; private set; } = null!;

    public Receiver Receiver { get; private set; } = null!;

    public static string EmailOf(Role role) => $"{role}@example.com".ToLowerInvariant();

    public static TestAppSetup Trusting(TokenServer server, IReadOnlyDictionary<string, string?>? more = null) =>
        new()
        {
            // The token server speaks http.
            Environment = "Development",
            Settings = new Dictionary<string, string?>(more ?? new Dictionary<string, string?>())
            {
                // Many tests with wrong tokens share one address.
                ["Limits:WrongTokensPerMinute"] = more?.GetValueOrDefault("Limits:WrongTokensPerMinute") ?? "10000",
                ["Authentication:Jwt:Authority"] = server.Address,
                ["Authentication:Jwt:Audience"] = TokenServer.Audience,
            },
        };

    public async Task InitializeAsync()
    {
        Server = await TokenServer.StartAsync();
        Receiver = await Receiver.StartAsync();
        App = await TestApp.StartAsync(Trusting(Server));
        Guid project = await App.ProjectIdAsync();
        foreach (Role role in Enum.GetValues<Role>())
        {
            await App.Get<UserService>().AddAsync(Actor.System, EmailOf(role), Password, role, project);
        }
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        await Receiver.DisposeAsync();
        await Server.DisposeAsync();
    }

    public Task<ApiAnswer> CallAsync(string token, string path = "webhooks", object? body = null, HttpMethod? method = null) =>
        CallAsync(App, token, path, body, method);

    public static async Task<ApiAnswer> CallAsync(TestApp app, string token, string path = "webhooks", object? body = null, HttpMethod? method = null)
    {
        using HttpClient client = app.NewClient(null);
        return await app.SendAsync(
            method ?? (body is null ? HttpMethod.Get : HttpMethod.Post),
            path,
            body,
            client,
            request => request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token)
        );
    }
}
