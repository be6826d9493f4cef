using System.Text;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Audit;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data;

/// <summary>What a thief of the database finds, and whether somebody who changes it is found out.</summary>
public sealed class AtRestTests
{
    private const string Password = "three unrelated words";

    private static Task<TestApp> StartAsync() =>
        TestApp.StartAsync(
            new TestAppSetup
            {
                Settings = new Dictionary<string, string?> { ["Setup:OwnerEmail"] = "owner@example.com", ["Setup:OwnerPassword"] = Password },
            }
        );

    [SqliteFact("what is in its file")]
    public async Task Database_SecretsTokensAndPasswords_AreNotInItsFiles()
    {
        await using TestApp app = await StartAsync();
        string secret = (await app.CreateWebhookAsync("http://127.0.0.1:9/")).Text("secret")!;
        await app.StopAsync();
        string folder = Path.GetDirectoryName(app.Database.SqliteFile)!;
        string[] files = Directory.GetFiles(folder, "webhookconsole.db*");
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            byte[] bytes = await File.ReadAllBytesAsync(file);
            foreach (string text in new[] { secret, secret["whsec_".Length..], TestApp.Token, Password })
            {
                Assert.Equal(-1, bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)));
            }

            Assert.Equal(-1, bytes.AsSpan().IndexOf(Convert.FromBase64String(secret["whsec_".Length..])));
        }
    }

    [Fact]
    public async Task Audit_EntryChangedInTheDatabase_IsFoundByTheCheck()
    {
        await using TestApp app = await StartAsync();
        await app.CreateWebhookAsync("http://127.0.0.1:9/");
        Guid project = await app.ProjectIdAsync();
        Assert.Null((await app.Get<AuditLog>().CheckAsync(project, CancellationToken.None)).Problem);

        Assert.Equal(
            1,
            await app.QueryAsync(db =>
                db.AuditEntries.Where(e => e.Action == "webhook.created").ExecuteUpdateAsync(e => e.SetProperty(x => x.ActorName, "somebody else"))
            )
        );
        Assert.Contains("was changed", (await app.Get<AuditLog>().CheckAsync(project, CancellationToken.None)).Problem, StringComparison.Ordinal);
    }
}
