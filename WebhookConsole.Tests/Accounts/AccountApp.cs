using Microsoft.EntityFrameworkCore;
using WebhookConsole.Accounts;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Accounts;

/// <summary>The application with an owner, and a clock that a test moves.</summary>
public sealed class AccountApp : IAsyncDisposable
{
    public const string Email = "owner@example.com";
    public const string Password = "correct horse battery staple";

    private readonly List<FormBrowser> _browsers = [];

    private AccountApp(TestApp app, FakeClock clock)
    {
        App = app;
        Clock = clock;
    }

    public TestApp App { get; }

    public FakeClock Clock { get; }

    public static async Task<AccountApp> StartAsync(TestDatabase? database = null)
    {
        FakeClock clock = new();
        TestApp app = await TestApp.StartAsync(
            new TestAppSetup
            {
                Database = database,
                Clock = clock,
                Quartz = false,
                Settings = new Dictionary<string, string?> { ["Setup:OwnerEmail"] = Email, ["Setup:OwnerPassword"] = Password },
            }
        );
        return new AccountApp(app, clock);
    }

    /// <summary>A browser of its own; the rate limit counts by address and is as in the product.</summary>
    public FormBrowser NewBrowser()
    {
        FormBrowser browser = new(App.Address);
        _browsers.Add(browser);
        return browser;
    }

    public async Task<FormBrowser> SignedInAsync(string password = Password)
    {
        FormBrowser browser = NewBrowser();
        await browser.SignInAsync(Email, password);
        Assert.Equal("/p/default", browser.Url.AbsolutePath);
        return browser;
    }

    /// <summary>Turns two-factor on as a person does.</summary>
    public async Task<(byte[] Key, IReadOnlyList<string> RecoveryCodes)> TurnOnTwoFactorAsync(FormBrowser browser)
    {
        await browser.OpenAsync("/account/profile/two-factor");
        byte[] key = Base32(browser.Page.QuerySelector("#two-factor-key")!.TextContent);
        await browser.SubmitAsync("two-factor-on", ("Input.Code", CodeNow(key)), ("Input.Password", Password));
        Assert.Null(browser.Page.QuerySelector(".field-error"));
        return (key, [.. browser.Page.QuerySelectorAll(".recovery-codes li").Select(c => c.TextContent.Trim())]);
    }

    /// <summary>What the app on the phone shows.</summary>
    public string CodeNow(byte[] key) => Totp.CodeAt(key, Totp.StepAt(Clock.GetUtcNow()));

    /// <summary>Types a code in the second step.</summary>
    public static Task TypeCodeAsync(FormBrowser browser, string code) => browser.SubmitAsync("two-factor", ("Input.Code", code));

    /// <summary>Actions of the audit log about people, oldest first, with details.</summary>
    public Task<List<AuditEntry>> AuditAsync() =>
        App.QueryAsync(db => db.AuditEntries.AsNoTracking().Where(a => a.Action.StartsWith("user.")).OrderBy(a => a.Sequence).ToListAsync());

    public async Task<int> AuditCountAsync(string action) => (await AuditAsync()).Count(a => a.Action == action);

    public async ValueTask DisposeAsync()
    {
        _browsers.ForEach(b => b.Dispose());
        await App.DisposeAsync();
    }

    /// <summary>Written apart from the product, as an app does.</summary>
    public static byte[] Base32(string text)
    {
        List<byte> bytes = [];
        int buffer = 0;
        int bits = 0;
        foreach (char c in text.Where(char.IsAsciiLetterOrDigit))
        {
            buffer = (buffer << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal);
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes.Add((byte)(buffer >> bits));
                buffer &= (1 << bits) - 1;
            }
        }

        return [.. bytes];
    }
}
