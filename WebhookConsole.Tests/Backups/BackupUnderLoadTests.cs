using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WebhookConsole.Tests.Crash;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Backups;

/// <summary>A ledger of what was accepted: a backup of a busy process, restored elsewhere, delivers what was pending at its moment.</summary>
public sealed class BackupUnderLoadTests
{
    private const int Before = 600;

    [Fact]
    public async Task Restore_BackupOfABusyProcess_DeliversWhatWasPendingAndSignsAsBefore()
    {
        await using TestDatabase database = TestDatabase.Sqlite();
        await using Receiver receiver = await Receiver.StartAsync();
        using BackupFolder folder = new();
        await File.WriteAllTextAsync(folder.PathOf("passphrase"), BackupFolder.Passphrase + "\n");
        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(20) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestApp.Token);
        string secret;
        HashSet<string> accepted;
        using (KilledApplication application = new(database.Arguments, client))
        {
            await application.StartAsync();

            // While it refuses everything, everything stays pending: the queue is what the backup has to hold.
            receiver.Answer = _ => 400;
            secret = await CreateWebhookAsync(application, receiver.Url);
            accepted = await PostAsync(application, Before);
            using CancellationTokenSource done = new();
            ConcurrentBag<string> later = [];
            Task[] load = [LoadAsync(application, later, done.Token), LoadAsync(application, later, done.Token)];
            await Eventually.TrueAsync(() => later.Count > 500 && receiver.Count > 500);

            int during = later.Count;
            CommandResult made = await ConsoleCommand.RunAsync(
                "backup",
                folder.PathOf("backup.db"),
                "--with-keys",
                "--passphrase-file",
                folder.PathOf("passphrase"),
                "--Storage:Directory=" + database.Folder
            );
            Assert.True(made.Code == 0, made.Errors);
            Assert.True(later.Count > during, "Nothing was posted while the backup was made.");
            await done.CancelAsync();
            await Task.WhenAll(load);
            await application.KillAsync();
        }

        string data = folder.PathOf("new/data");
        CommandResult restored = await ConsoleCommand.RunAsync(
            "restore",
            folder.PathOf("backup.db"),
            "--passphrase-file",
            folder.PathOf("passphrase"),
            "--Storage:Directory=" + data
        );
        Assert.True(restored.Code == 0, restored.Errors);

        ConcurrentDictionary<string, ReceivedRequest> ledger = new(StringComparer.Ordinal);
        receiver.Answer = r =>
        {
            ledger.TryAdd(r.WebhookId, r);
            return 200;
        };
        using KilledApplication copy = new(["--Storage:Directory=" + data], client);
        await copy.StartAsync();
        await Eventually.TrueAsync(
            async () => await copy.CountAsync("pending") + await copy.CountAsync("retrying") == 0,
            () => $"{ledger.Count} received.",
            TimeSpan.FromSeconds(60)
        );
        Assert.Subset(ledger.Keys.ToHashSet(StringComparer.Ordinal), accepted);
        Assert.All(ledger.Values, r => Assert.Equal(SignatureOf(secret, r), r.Header("webhook-signature")));
    }

    // Every delivery is tried again one second after it failed, twenty times.
    private static async Task<string> CreateWebhookAsync(KilledApplication application, string url)
    {
        object webhook = new
        {
            name = "ledger",
            url,
            retrySchedule = Enumerable.Repeat(1, 20),
            maxInFlight = 16,
        };
        using HttpResponseMessage response = await application.SendAsync("webhooks", JsonSerializer.Serialize(webhook), CancellationToken.None);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.Text("secret")!;
    }

    private static async Task LoadAsync(KilledApplication application, ConcurrentBag<string> accepted, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            foreach (string id in await PostAsync(application, 50))
            {
                accepted.Add(id);
            }
        }
    }

    private static async Task<HashSet<string>> PostAsync(KilledApplication application, int count)
    {
        string one = """{"type":"backup.test","payload":{"n":1,"text":"Grüße"}}""";
        string body = "[" + string.Join(',', Enumerable.Repeat(one, count)) + "]";
        using HttpResponseMessage response = await application.SendAsync("events/batch", body, CancellationToken.None);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        JsonElement answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        return [.. answer.Items("items").Select(e => e.Text("id")!)];
    }

    private static string SignatureOf(string secret, ReceivedRequest request)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{request.WebhookId}.{request.Header("webhook-timestamp")}."), .. request.Body];
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), signed));
    }
}
