using Microsoft.EntityFrameworkCore;
using WebhookConsole.Accounts;
using WebhookConsole.Domain;
using WebhookConsole.Encryption;
using WebhookConsole.People;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Accounts;

/// <summary>Codes of an app at the sign-in, over the forms of the real application.</summary>
public sealed class TwoFactorTests
{
    [Fact]
    public async Task SignIn_WithTheCode_EndsInTheConsole()
    {
        await using AccountApp app = await AccountApp.StartAsync();
        FormBrowser first = await app.SignedInAsync();
        (byte[] key, IReadOnlyList<string> codes) = await app.TurnOnTwoFactorAsync(first);
        Assert.Equal(10, codes.Distinct().Count());

        // The session that turned it on stays.
        await first.OpenAsync("/account/profile");
        Assert.Equal("/account/profile", first.Url.AbsolutePath);

        app.Clock.Advance(TimeSpan.FromSeconds(30));
        FormBrowser second = app.NewBrowser();
        await second.OpenAsync("/account/login?returnUrl=%2Fp%2Fdefault%2Fevents");
        await second.SubmitAsync("login", ("Input.Email", AccountApp.Email), ("Input.Password", AccountApp.Password));
        Assert.Equal("/account/two-factor", second.Url.AbsolutePath);

        // The password alone opens nothing.
        FormBrowser impatient = app.NewBrowser();
        await impatient.SignInAsync(AccountApp.Email, AccountApp.Password);
        await impatient.OpenAsync("/account/profile");
        Assert.Equal("/account/login", impatient.Url.AbsolutePath);

        await AccountApp.TypeCodeAsync(second, app.CodeNow(key).Insert(3, " "));
        Assert.Equal("/p/default/events", second.Url.AbsolutePath);
        Assert.Contains("password and code", (await app.AuditAsync()).Last(a => a.Action == AuditActions.UserSignedIn).Details, StringComparison.Ordinal);
        Assert.Equal(1, await app.AuditCountAsync(AuditActions.UserTwoFactorOn));
    }

    [Fact]
    public async Task Code_UsedOnce_DoesNotWorkAgain()
    {
        await using AccountApp app = await AccountApp.StartAsync();
        (byte[] key, _) = await app.TurnOnTwoFactorAsync(await app.SignedInAsync());

        // The code that turned it on was seen by somebody behind the person.
        FormBrowser thief = app.NewBrowser();
        await thief.SignInAsync(AccountApp.Email, AccountApp.Password);
        await AccountApp.TypeCodeAsync(thief, app.CodeNow(key));
        Assert.Equal(SignInService.WrongCode, thief.Alert);

        app.Clock.Advance(TimeSpan.FromSeconds(30));
        string code = app.CodeNow(key);
        FormBrowser person = app.NewBrowser();
        await person.SignInAsync(AccountApp.Email, AccountApp.Password);
        await AccountApp.TypeCodeAsync(person, code);
        Assert.Equal("/p/default", person.Url.AbsolutePath);

        await AccountApp.TypeCodeAsync(thief, code);
        Assert.Equal(SignInService.WrongCode, thief.Alert);
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        await AccountApp.TypeCodeAsync(thief, code);
        Assert.Equal(SignInService.WrongCode, thief.Alert);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public Task Code_TypedTwiceAtOnce_LetsOneIn(bool recovery) => TypedTwiceAtOnceLetsOneInAsync(null, recovery);

    [PostgresFact]
    public async Task Code_TypedTwiceAtOnceOnPostgres_LetsOneIn()
    {
        await using TestDatabase database = await TestDatabase.PostgresAsync();
        await TypedTwiceAtOnceLetsOneInAsync(database, recovery: false);
    }

    private static async Task TypedTwiceAtOnceLetsOneInAsync(TestDatabase? database, bool recovery)
    {
        await using AccountApp app = await AccountApp.StartAsync(database);
        (byte[] key, IReadOnlyList<string> codes) = await app.TurnOnTwoFactorAsync(await app.SignedInAsync());
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        string code = recovery ? codes[0] : app.CodeNow(key);
        FormBrowser[] browsers = [.. Enumerable.Range(0, 4).Select(_ => app.NewBrowser())];
        foreach (FormBrowser browser in browsers)
        {
            await browser.SignInAsync(AccountApp.Email, AccountApp.Password);
        }

        await Task.WhenAll(browsers.Select(b => AccountApp.TypeCodeAsync(b, code)));
        Assert.Equal(1, browsers.Count(b => b.Url.AbsolutePath == "/p/default"));
        Assert.Equal(3, browsers.Count(b => b.Url.AbsolutePath == "/account/two-factor" && b.Alert == SignInService.WrongCode));
    }

    [Fact]
    public async Task RecoveryCode_HoweverTyped_WorksOnce()
    {
        await using AccountApp app = await AccountApp.StartAsync();
        FormBrowser first = await app.SignedInAsync();
        (_, IReadOnlyList<string> codes) = await app.TurnOnTwoFactorAsync(first);
        FormBrowser second = app.NewBrowser();
        await second.SignInAsync(AccountApp.Email, AccountApp.Password);
        await second.OpenAsync("/account/two-factor?recovery=true");
        await AccountApp.TypeCodeAsync(second, codes[3].ToLowerInvariant().Replace('-', ' '));
        Assert.Equal("/p/default", second.Url.AbsolutePath);
        Assert.Contains("recovery code", (await app.AuditAsync()).Last(a => a.Action == AuditActions.UserSignedIn).Details, StringComparison.Ordinal);

        FormBrowser third = app.NewBrowser();
        await third.SignInAsync(AccountApp.Email, AccountApp.Password);
        await AccountApp.TypeCodeAsync(third, codes[3]);
        Assert.Equal(SignInService.WrongCode, third.Alert);

        // New ones put an end to the old.
        await first.OpenAsync("/account/profile");
        Assert.Contains("9 recovery codes left", first.Page.Body!.TextContent, StringComparison.Ordinal);
        await first.OpenAsync("/account/profile/recovery-codes");
        await first.SubmitAsync("recovery-codes", ("Input.Password", "not this one at all"));
        Assert.Contains("not your password", first.Alert, StringComparison.Ordinal);
        await first.SubmitAsync("recovery-codes", ("Input.Password", AccountApp.Password));
        string made = first.Page.QuerySelector(".recovery-codes li")!.TextContent;
        await AccountApp.TypeCodeAsync(third, codes[4]);
        Assert.Equal(SignInService.WrongCode, third.Alert);
        await AccountApp.TypeCodeAsync(third, made);
        Assert.Equal("/p/default", third.Url.AbsolutePath);
        Assert.Equal(1, await app.AuditCountAsync(AuditActions.UserRecoveryCodesMade));
    }

    [Fact]
    public async Task Code_FiveWrongOnes_LockTheAccount()
    {
        await using AccountApp app = await AccountApp.StartAsync();
        (byte[] key, _) = await app.TurnOnTwoFactorAsync(await app.SignedInAsync());
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        FormBrowser thief = app.NewBrowser();
        await thief.SignInAsync(AccountApp.Email, AccountApp.Password);
        for (int i = 0; i < 5; i++)
        {
            // The right password in between does not start the count again.
            await thief.SignInAsync(AccountApp.Email, AccountApp.Password);
            await AccountApp.TypeCodeAsync(thief, "00000" + i);
            Assert.Equal(SignInService.WrongCode, thief.Alert);
        }

        await AccountApp.TypeCodeAsync(thief, app.CodeNow(key));
        Assert.Equal(SignInService.WrongCode, thief.Alert);
        Assert.Equal(1, await app.AuditCountAsync(AuditActions.UserLockedOut));

        app.Clock.Advance(TimeSpan.FromMinutes(5));
        FormBrowser person = app.NewBrowser();
        await person.SignInAsync(AccountApp.Email, AccountApp.Password);
        await AccountApp.TypeCodeAsync(person, app.CodeNow(key));
        Assert.Equal("/p/default", person.Url.AbsolutePath);
    }

    [Fact]
    public async Task RememberedDevice_IsNotAskedUntilSignedOutEverywhere()
    {
        await using AccountApp app = await AccountApp.StartAsync();
        FormBrowser first = await app.SignedInAsync();
        (byte[] key, _) = await app.TurnOnTwoFactorAsync(first);
        app.Clock.Advance(TimeSpan.FromSeconds(30));
        FormBrowser device = app.NewBrowser();
        await device.SignInAsync(AccountApp.Email, AccountApp.Password);
        await device.SubmitAsync("two-factor", ("Input.Code", app.CodeNow(key)), ("Input.RememberDevice", "true"));
        await device.SignInAsync(AccountApp.Email, AccountApp.Password);
        Assert.Equal("/p/default", device.Url.AbsolutePath);
        Assert.Contains("remembered device", (await app.AuditAsync())[^1].Details, StringComparison.Ordinal);

        await first.OpenAsync("/account/profile");
        await first.SubmitAsync("sessions");
        app.Clock.Advance(TimeSpan.FromSeconds(31));
        await device.SignInAsync(AccountApp.Email, AccountApp.Password);
        Assert.Equal("/account/two-factor", device.Url.AbsolutePath);
    }

    [Fact]
    public async Task TurnOff_AsksForThePassword()
    {
        await using AccountApp app = await AccountApp.StartAsync();
        FormBrowser browser = await app.SignedInAsync();
        await app.TurnOnTwoFactorAsync(browser);
        await browser.OpenAsync("/account/profile");
        await browser.SubmitAsync("two-factor-off", ("Input.Password", "not this one at all"));
        Assert.Contains("not your password", browser.Alert, StringComparison.Ordinal);
        await browser.SubmitAsync("two-factor-off", ("Input.Password", AccountApp.Password));
        Assert.Contains("Two-factor is off", browser.Alert, StringComparison.Ordinal);
        await app.SignedInAsync();
        Assert.Equal(1, await app.AuditCountAsync(AuditActions.UserTwoFactorOff));
    }

    [Fact]
    public async Task TurnOn_WrongCodeOrPassword_StaysOff()
    {
        await using AccountApp app = await AccountApp.StartAsync();
        FormBrowser browser = await app.SignedInAsync();
        await browser.OpenAsync("/account/profile/two-factor");
        string shown = browser.Page.QuerySelector("#two-factor-key")!.TextContent;
        await browser.SubmitAsync("two-factor-on", ("Input.Code", "000000"), ("Input.Password", AccountApp.Password));
        Assert.Contains("not the code", browser.Alert, StringComparison.Ordinal);
        Assert.DoesNotContain(AccountApp.Password, browser.Page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        await browser.SubmitAsync("two-factor-on", ("Input.Code", app.CodeNow(AccountApp.Base32(shown))), ("Input.Password", "not this one at all"));
        Assert.Contains("not your password", browser.Alert, StringComparison.Ordinal);
        Assert.Equal(shown, browser.Page.QuerySelector("#two-factor-key")!.TextContent);
        await app.SignedInAsync();
    }

    [Fact]
    public async Task TurnOff_ByAnOwner_LetsInWithThePasswordAndEndsTheSessions()
    {
        await using AccountApp app = await AccountApp.StartAsync();
        FormBrowser browser = await app.SignedInAsync();
        await app.TurnOnTwoFactorAsync(browser);
        Guid id = await app.App.Get<UserService>().FindIdAsync(AccountApp.Email, CancellationToken.None);
        await app.App.Get<PeopleService>().TurnOffTwoFactorAsync(Actor.System, id);
        await app.SignedInAsync();
        Assert.Equal(0, await app.App.QueryAsync(db => db.UserTokens.CountAsync(t => t.UserId == id)));
        Assert.Equal(1, await app.AuditCountAsync(AuditActions.UserTwoFactorOff));
        Assert.Equal(
            "two_factor_off",
            (await Assert.ThrowsAsync<RuleException>(() => app.App.Get<PeopleService>().TurnOffTwoFactorAsync(Actor.System, id))).Code
        );
        app.Clock.Advance(TimeSpan.FromSeconds(31));
        await browser.OpenAsync("/account/profile");
        Assert.Equal("/account/login", browser.Url.AbsolutePath);
    }

    [Fact]
    public async Task RotateEncryptionKey_RevokingOldOnes_LeavesTheCodesWorking()
    {
        await using AccountApp app = await AccountApp.StartAsync();
        (byte[] key, _) = await app.TurnOnTwoFactorAsync(await app.SignedInAsync());
        KeyRotation done = await app.App.Get<EncryptionKeys>().RotateAsync(Actor.System, revokeOld: true, TimeSpan.Zero, CancellationToken.None);
        Assert.True(done.IsComplete);
        Assert.True(done.Revoked > 0);
        app.Clock.Advance(TimeSpan.FromSeconds(31));
        FormBrowser browser = app.NewBrowser();
        await browser.SignInAsync(AccountApp.Email, AccountApp.Password);
        Assert.Equal("/account/two-factor", browser.Url.AbsolutePath);
        await browser.SubmitAsync("two-factor", ("Input.Code", app.CodeNow(key)));
        Assert.Equal("/p/default", browser.Url.AbsolutePath);
    }

    [Fact]
    public async Task Database_HoldsNeitherKeyNorCodesReadable()
    {
        await using AccountApp app = await AccountApp.StartAsync();
        (byte[] key, IReadOnlyList<string> codes) = await app.TurnOnTwoFactorAsync(await app.SignedInAsync());
        List<string?> kept = await app.App.QueryAsync(db => db.UserTokens.Select(t => t.Value).ToListAsync());
        string all = string.Join('\n', kept);
        foreach (string secret in codes.Append(Convert.ToBase64String(key)).Append(Totp.Base32(key)))
        {
            Assert.DoesNotContain(secret, all, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(secret.Replace("-", "", StringComparison.Ordinal), all, StringComparison.OrdinalIgnoreCase);
        }
    }
}
