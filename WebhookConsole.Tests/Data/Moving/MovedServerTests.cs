using System.Net;
using System.Security.Cryptography;
using System.Text;
using WebhookConsole.Audit;
using WebhookConsole.Tests.Accounts;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Moving;

/// <summary>A server on moved data shows what it showed before, and goes on with what was pending.</summary>
public sealed class MovedServerTests
{
    private static readonly string[] s_pages = ["webhooks", "event-types", "deliveries?status=succeeded", "deliveries?status=failed", "audit", "recoveries"];

    [PostgresFact]
    public async Task Serve_MovedData_IsTheSameInstallation()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using MovedInstallation installation = await MovedInstallation.CreateAsync();
        Dictionary<string, string?> owner = new() { ["Setup:OwnerEmail"] = AccountApp.Email, ["Setup:OwnerPassword"] = AccountApp.Password };
        string secret;
        Guid waiting;
        List<string> before;
        await using (TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = installation.Sqlite, Settings = owner }))
        {
            await app.CreateWebhookAsync(
                receiver.Url + "/ok",
                name: "Healthy",
                more: new { eventTypes = new[] { "order.*" }, headers = new { XKey = "a credential" } }
            );
            secret = (await app.CreateWebhookAsync(receiver.Url + "/late", new[] { 600 }, "Late", new { eventTypes = new[] { "late.*" } })).Text("secret")!;
            await app.CreateWebhookAsync(receiver.Url + "/broken", "none", "Broken", new { eventTypes = new[] { "broken.*" } });
            receiver.Answer = r => r.Path.EndsWith("/ok", StringComparison.Ordinal) ? 200 : 400;
            await app.DeliveryAsync(await app.PostEventAsync(payload: new { text = "Grüße 🙂" }), "succeeded");
            await app.DeliveryAsync(await app.PostEventAsync("broken.one"), "failed");
            await app.DeliveryAsync(waiting = await app.PostEventAsync("late.one"), "retrying");
            before = await PagesAsync(app);
        }

        await installation.MovedAsync();
        await using (TestApp same = await installation.ServeAsync())
        {
            Assert.Equal(before, await PagesAsync(same));
        }

        // What was waiting becomes due.
        await installation.OnPostgresAsync<int>("UPDATE deliveries SET next_attempt_at = created_at WHERE next_attempt_at IS NOT NULL");
        receiver.Answer = _ => 200;
        await using TestApp moved = await installation.ServeAsync();
        await moved.DeliveryAsync(waiting, "succeeded");
        ReceivedRequest late = receiver.Requests.Last(r => r.Path.EndsWith("/late", StringComparison.Ordinal));
        Assert.Equal(SignatureOf(secret, late), late.Header("webhook-signature"));

        using FormBrowser browser = new(moved.Address);
        await browser.SignInAsync(AccountApp.Email, AccountApp.Password);
        Assert.Equal((HttpStatusCode.OK, "/p/default"), (browser.Status, browser.Url.AbsolutePath));

        AuditLog audit = moved.Get<AuditLog>();
        foreach (Guid? chain in new Guid?[] { null, await moved.ProjectIdAsync() })
        {
            AuditCheck check = await audit.CheckAsync(chain, CancellationToken.None);
            Assert.Null(check.Problem);
            Assert.True(check.Entries > 0);
        }

        // New rows find their places among the old ones.
        await moved.DeliveryAsync(await moved.PostEventAsync(), "succeeded");
    }

    private static async Task<List<string>> PagesAsync(TestApp app)
    {
        List<string> pages = [];
        foreach (string page in s_pages)
        {
            pages.Add($"{page}: {(await app.GetAsync(page)).Expect(HttpStatusCode.OK).Text}");
        }

        return pages;
    }

    private static string SignatureOf(string secret, ReceivedRequest request)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{request.WebhookId}.{request.Header("webhook-timestamp")}."), .. request.Body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed));
    }
}
