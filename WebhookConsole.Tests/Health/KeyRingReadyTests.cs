using System.Net;
using WebhookConsole.Data;
using WebhookConsole.Encryption;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Health;

/// <summary><c>/health/ready</c> is red while nobody could sign in or sign a delivery, and green again by itself (specification §13).</summary>
public sealed class KeyRingReadyTests : IAsyncLifetime
{
    private TestApp _app = null!;

    private string Keys => _app.Get<DataDirectory>().KeyRing;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync();
        await _app.CreateWebhookAsync("http://127.0.0.1:9/");
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    private async Task ExpectAsync(HttpStatusCode status, string text) => Assert.Equal(text, (await _app.GetAsync("/health/ready")).Expect(status).Text);

    [Fact]
    public async Task Ready_KeyFileIsDamaged_IsRedUntilItIsGone()
    {
        await ExpectAsync(HttpStatusCode.OK, "Healthy");
        string damaged = Path.Combine(Keys, "key-damaged.xml");
        await File.WriteAllTextAsync(damaged, "<key");
        await ExpectAsync(HttpStatusCode.ServiceUnavailable, "Unhealthy");

        // The watch of the folder finds the damaged key as well, and the server goes on.
        Assert.ThrowsAny<Exception>(() => _app.Get<KeyRing>().ReloadIfChanged());
        File.Delete(damaged);
        await ExpectAsync(HttpStatusCode.OK, "Healthy");
    }

    [Fact]
    public async Task Ready_KeyRingWasReplaced_IsRedUntilTheOldOneIsBack()
    {
        string aside = Keys + "-aside";
        Directory.Move(Keys, aside);
        Directory.CreateDirectory(Keys);
        await ExpectAsync(HttpStatusCode.ServiceUnavailable, "Unhealthy");

        // Data Protection makes a key where it finds none. That key decrypts nothing that is stored.
        _app.Get<KeyRing>().ReloadIfChanged();
        Assert.Single(Directory.EnumerateFiles(Keys));
        await ExpectAsync(HttpStatusCode.ServiceUnavailable, "Unhealthy");
        KeyRingProblem problem = (await _app.Get<KeyRingHealth>().FindAsync(CancellationToken.None))!;
        Assert.Contains("Restore the folder of keys", problem.Text, StringComparison.Ordinal);

        // What is written now can be read, what was written before cannot.
        await _app.CreateWebhookAsync("http://127.0.0.1:9/", name: "later");
        await ExpectAsync(HttpStatusCode.OK, "Degraded");
        foreach (string file in Directory.EnumerateFiles(aside))
        {
            File.Move(file, Path.Combine(Keys, Path.GetFileName(file)));
        }

        await ExpectAsync(HttpStatusCode.OK, "Healthy");
    }
}
