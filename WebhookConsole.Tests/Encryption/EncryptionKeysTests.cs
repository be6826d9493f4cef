using System.Diagnostics;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WebhookConsole.Domain;
using WebhookConsole.Encryption;
using WebhookConsole.People;
using WebhookConsole.Signing;
using WebhookConsole.Tests.Support;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Encryption;

/// <summary><c>rotate-encryption-key</c> (specification §4, §13): in process for the rules, as a process of its own beside a serving one for the rest.</summary>
public sealed class EncryptionKeysTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private TestApp _app = null!;
    private Guid _project;

    public async Task InitializeAsync()
    {
        _database = TestDatabase.New();
        _app = await StartAsync();
        _project = await _app.ProjectIdAsync();
    }

    public async Task DisposeAsync()
    {
        await _app.DisposeAsync();
        await _database.DisposeAsync();
    }

    private Task<TestApp> StartAsync() =>
        TestApp.StartAsync(
            new TestAppSetup
            {
                Database = _database,
                Settings = new Dictionary<string, string?> { ["Limits:WebhooksPerProject"] = "2000" },
            }
        );

    private Task<KeyRotation> RotateAsync(bool revokeOld = false) =>
        _app.Get<EncryptionKeys>().RotateAsync(Actor.System, revokeOld, TimeSpan.Zero, CancellationToken.None);

    private async Task<Dictionary<Guid, string>> CreateAsync(int count)
    {
        Dictionary<Guid, string> secrets = [];
        for (int i = 0; i < count; i++)
        {
            JsonElement made = await _app.CreateWebhookAsync("http://127.0.0.1:9/", name: $"hook {i}");
            secrets[made.Id()] = made.Text("secret")!;
        }

        return secrets;
    }

    private async Task<Dictionary<Guid, string>> StoredAsync()
    {
        List<WebhookSecret> rows = await _app.QueryAsync(db => db.WebhookSecrets.AsNoTracking().ToListAsync());
        SecretProtector protector = _app.Get<SecretProtector>();
        return rows.ToDictionary(r => r.WebhookId, r => protector.Unprotect(r.ProtectedValue).Text);
    }

    // Data Protection writes the id of the key behind four bytes of its own.
    private static Guid KeyOf(string value) => new(System.Buffers.Text.Base64Url.DecodeFromChars(value).AsSpan(4, 16));

    private Task<List<string>> ValuesAsync() => _app.QueryAsync(db => db.WebhookSecrets.Select(s => s.ProtectedValue).ToListAsync());

    private async Task<HashSet<Guid>> KeysInUseAsync() => [.. (await ValuesAsync()).Select(KeyOf)];

    [Fact]
    public async Task Rotate_Secrets_AreTheSameUnderANewKey()
    {
        Dictionary<Guid, string> secrets = await CreateAsync(3);
        Guid before = Assert.Single(await KeysInUseAsync());
        KeyRotation done = await RotateAsync();
        Assert.Equal((3, 0), (done.Encrypted, done.Unreadable.Count));
        Assert.NotEqual(before, done.KeyId);
        Assert.Equal([done.KeyId], await KeysInUseAsync());
        Assert.Equal(secrets, await StoredAsync());
        AuditEntry entry = await _app.QueryAsync(db => db.AuditEntries.SingleAsync(e => e.Action == AuditActions.EncryptionKeyRotated));
        Assert.Contains("\"secrets\":3", entry.Details, StringComparison.Ordinal);
        Assert.Null(entry.ProjectId);

        // Again is a new key and the same secrets.
        Assert.Equal(3, (await RotateAsync()).Encrypted);
        Assert.Equal(secrets, await StoredAsync());
    }

    [Fact]
    public async Task Rotate_BySomebodyBelowOwner_IsRefused()
    {
        Actor admin = new()
        {
            Kind = ActorKind.User,
            Name = "admin",
            Role = Role.Admin,
            Projects = new HashSet<Guid> { _project },
        };
        await Assert.ThrowsAsync<RuleException>(() => _app.Get<EncryptionKeys>().RotateAsync(admin, false, TimeSpan.Zero, CancellationToken.None));
        Assert.Single(_app.Get<IKeyManager>().GetAllKeys());
    }

    [Fact]
    public async Task Rotate_DamagedRow_IsNamedAndKeepsTheOldKeys()
    {
        Dictionary<Guid, string> secrets = await CreateAsync(3);
        Guid damaged = secrets.Keys.First();
        await _app.QueryAsync(db =>
            db.WebhookSecrets.Where(s => s.WebhookId == damaged).ExecuteUpdateAsync(s => s.SetProperty(x => x.ProtectedValue, "CfDJ8 not a secret"))
        );
        KeyRotation done = await RotateAsync(revokeOld: true);
        Assert.Equal((2, 0), (done.Encrypted, done.Revoked));
        Assert.StartsWith($"hook 0 ({damaged}), secret ", Assert.Single(done.Unreadable), StringComparison.Ordinal);
        Assert.DoesNotContain(_app.Get<IKeyManager>().GetAllKeys(), k => k.IsRevoked);
    }

    [Fact]
    public async Task Rotate_WhileSecretsAreRotated_LosesNone()
    {
        Dictionary<Guid, string> secrets = await CreateAsync(6);
        using CancellationTokenSource done = new();
        Task[] people =
        [
            .. secrets
                .Keys.ToArray()
                .Select(webhook =>
                    Task.Run(async () =>
                    {
                        while (!done.IsCancellationRequested)
                        {
                            string rotated = (await _app.PostAsync($"webhooks/{webhook}/rotate", new { })).Expect(HttpStatusCode.OK).Json.Text("secret")!;
                            lock (secrets)
                            {
                                secrets[webhook] = rotated;
                            }
                        }
                    })
                ),
        ];
        for (int i = 0; i < 5; i++)
        {
            Assert.Empty((await RotateAsync()).Unreadable);
        }

        await done.CancelAsync();
        await Task.WhenAll(people);
        Assert.Equal(secrets, await StoredAsync());
    }

    [PostgresFact]
    public async Task Rotate_WhileSecretsAreRotatedOnPostgres_LosesNone()
    {
        await DisposeAsync();
        _database = await TestDatabase.PostgresAsync();
        _app = await StartAsync();
        _project = await _app.ProjectIdAsync();
        await Rotate_WhileSecretsAreRotated_LosesNone();
    }

    [Fact]
    public async Task KeyRing_ChangedByAnotherProcess_IsReadAtTheFirstSecretThatNeedsIt()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        JsonElement made = await _app.CreateWebhookAsync(receiver.Url);
        _app.Get<KeyRing>().ReloadIfChanged();

        // Another process: the same folder, keys and tables, nothing of this one's memory.
        IDataProtectionProvider elsewhere = DataProtectionProvider.Create(
            new DirectoryInfo(Path.Combine(_database.Folder, "keys")),
            protection => protection.SetApplicationName("WebhookConsole")
        );
        Guid known = _app.Get<KeyRing>().GetCurrentKeyRing().DefaultKeyId;
        NewKey();
        string value = elsewhere.CreateProtector("WebhookConsole.WebhookSecret.v1").Protect(made.Text("secret")!);
        Assert.NotEqual(known, KeyOf(value));
        await _app.QueryAsync(db => db.WebhookSecrets.ExecuteUpdateAsync(s => s.SetProperty(x => x.ProtectedValue, value)));
        _app.Get<WebhookDirectory>().Invalidate(_project, made.Id());

        await _app.PostEventAsync();
        await receiver.ReceivedAsync(1);
        Assert.Null((await _app.Get<WebhookDirectory>().FindAsync(made.Id()))!.HeldReason);
    }

    // As the command line does, without telling the key manager of this process.
    private void NewKey()
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        using ServiceProvider other = Elsewhere();
        other.GetRequiredService<IKeyManager>().CreateNewKey(now, now.AddDays(90));
    }

    private ServiceProvider Elsewhere()
    {
        ServiceCollection services = new();
        services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(_database.Folder, "keys")));
        return services.BuildServiceProvider();
    }

    [Fact]
    public async Task Command_BesideAServingProcess_ChangesTheKeyAndEndsSessions()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        Guid webhook = (await _app.CreateWebhookAsync(receiver.Url)).Id();
        Person owner = await _app.Get<UserService>().AddAsync(Actor.System, "owner@example.com", "three unrelated words", Role.Owner, _project);
        string stamp = await StampAsync(owner.Id);
        string cookie = _app.Get<IDataProtectionProvider>().CreateProtector("a cookie").Protect("who it is");
        Assert.True(CanRead(cookie));

        (int code, string output, string error) = await RunAsync("--revoke-old");
        Assert.True(code == 0, output + error);
        Assert.Contains("encrypted with it: 1", output, StringComparison.Ordinal);
        Assert.Contains("revoked: 1", output, StringComparison.Ordinal);
        Assert.NotEqual(stamp, await StampAsync(owner.Id));

        // The serving process encrypts with the new key and refuses the old one's cookies, without a restart.
        Guid key = Assert.Single(await KeysInUseAsync());
        await Eventually.TrueAsync(() => _app.Get<KeyRing>().GetCurrentKeyRing().DefaultKeyId == key);
        await Eventually.TrueAsync(() => !CanRead(cookie));
        (await _app.PostAsync($"webhooks/{webhook}/rotate", new { overlapHours = 1 })).Expect(HttpStatusCode.OK);
        Assert.Equal([key], await KeysInUseAsync());
        await _app.PostEventAsync();
        await receiver.ReceivedAsync(1);
    }

    private bool CanRead(string cookie)
    {
        try
        {
            return _app.Get<IDataProtectionProvider>().CreateProtector("a cookie").Unprotect(cookie).Length > 0;
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return false;
        }
    }

    [Fact]
    public async Task Command_UnreadableSecret_IsNamedAndTheExitCodeSaysIt()
    {
        Guid webhook = (await CreateAsync(1)).Keys.Single();
        await _app.QueryAsync(db => db.WebhookSecrets.ExecuteUpdateAsync(s => s.SetProperty(x => x.ProtectedValue, "CfDJ8")));
        (int code, _, string error) = await RunAsync("--revoke-old");
        Assert.Equal(1, code);
        Assert.Contains("hook 0", error, StringComparison.Ordinal);
        Assert.Contains(webhook.ToString(), error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_KilledInTheMiddle_LosesNothingAndTheNextRunDoesTheRest()
    {
        Dictionary<Guid, string> secrets = await CreateAsync(2);
        await MultiplyAsync(1500);
        int all = (await ValuesAsync()).Count;
        Guid before = Assert.Single(await KeysInUseAsync());

        using (Process process = Start())
        {
            await Eventually.TrueAsync(async () => (await KeysInUseAsync()).Count > 1 || process.HasExited, deadline: TimeSpan.FromSeconds(60));
            process.Kill();
            await process.WaitForExitAsync();
        }

        Assert.NotEqual([before], await KeysInUseAsync());
        Assert.All(await ValuesAsync(), v => _app.Get<SecretProtector>().Unprotect(v));
        KeyRotation rest = await RotateAsync();
        Assert.Equal((all, 0), (rest.Encrypted, rest.Unreadable.Count));
        Assert.Equal([rest.KeyId], await KeysInUseAsync());
        _app.Get<WebhookDirectory>().Invalidate(_project, Guid.Empty);
        foreach ((Guid webhook, string secret) in secrets)
        {
            Assert.Contains((await _app.Get<WebhookDirectory>().FindAsync(webhook))!.Secrets, s => s.Secret.Text == secret);
        }
    }

    // Many rows, so that there is a middle to be killed in.
    private Task<int> MultiplyAsync(int count) =>
        _app.QueryAsync(async db =>
        {
            Guid webhook = await db.Webhooks.Select(w => w.Id).FirstAsync();
            DateTimeOffset now = TimeProvider.System.GetUtcNow();
            SecretProtector protector = _app.Get<SecretProtector>();
            for (int i = 0; i < count; i++)
            {
                SigningSecret secret = SigningSecret.Generate();
                db.WebhookSecrets.Add(
                    new WebhookSecret
                    {
                        Id = Ids.New(now),
                        WebhookId = webhook,
                        ProtectedValue = protector.Protect(secret),
                        Fingerprint = secret.Fingerprint,
                        Hint = secret.Hint,
                        CreatedAt = now,
                        ExpiresAt = now.AddDays(1),
                    }
                );
            }

            return await db.SaveChangesAsync();
        });

    private Task<string> StampAsync(Guid person) => _app.QueryAsync(db => db.Users.Where(u => u.Id == person).Select(u => u.SecurityStamp!).SingleAsync());

    private Process Start(params string[] more)
    {
        ProcessStartInfo start = BuiltConsole.Start(["rotate-encryption-key", .. more]);
        foreach ((string key, string? value) in _database.Settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        return Process.Start(start)!;
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] more)
    {
        using Process process = Start(more);
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
