using Microsoft.EntityFrameworkCore;
using WebhookConsole.Accounts;
using WebhookConsole.Components.Account;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Accounts;

/// <summary>What a stranger learns at the sign-in, and what a person's own changes end.</summary>
public sealed class SignInTests
{
    [Fact]
    public async Task SignIn_UnknownWrongOrLocked_SaysTheSame()
    {
        await using AccountApp app = await AccountApp.StartAsync();
        FormBrowser browser = app.NewBrowser();
        await browser.SignInAsync("nobody@example.com", AccountApp.Password);
        string? unknown = browser.Alert;
        Assert.Equal(SignInService.WrongPair, unknown);
        for (int i = 0; i < 7; i++)
        {
            await browser.SignInAsync(AccountApp.Email, "wrong password " + i);
            Assert.Equal(unknown, browser.Alert);
            Assert.DoesNotContain("wrong password " + i, browser.Page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        }

        await browser.SignInAsync(AccountApp.Email, AccountApp.Password);
        Assert.Equal(unknown, browser.Alert);
        Assert.Equal(1, await app.AuditCountAsync(AuditActions.UserLockedOut));
        Assert.Equal(9, await app.AuditCountAsync(AuditActions.UserSignInFailed));

        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await browser.SignInAsync(AccountApp.Email, AccountApp.Password);
        Assert.Equal("/p/default", browser.Url.AbsolutePath);
        ConsoleUser user = await app.App.QueryAsync(db => db.Users.SingleAsync());
        Assert.Equal(app.Clock.GetUtcNow(), user.LastSignInAt);
        Assert.Equal(0, user.AccessFailedCount);
        Assert.DoesNotContain("wrong password", string.Concat((await app.AuditAsync()).Select(a => a.Details)), StringComparison.Ordinal);
    }

    [Fact]
    public Task SignIn_WrongOnesAtOnce_CountEach() => WrongOnesAtOnceCountEachAsync(null);

    [PostgresFact]
    public async Task SignIn_WrongOnesAtOnceOnPostgres_CountEach()
    {
        await using TestDatabase database = await TestDatabase.PostgresAsync();
        await WrongOnesAtOnceCountEachAsync(database);
    }

    private static async Task WrongOnesAtOnceCountEachAsync(TestDatabase? database)
    {
        await using AccountApp app = await AccountApp.StartAsync(database);
        FormBrowser[] browsers = [.. Enumerable.Range(0, 5).Select(_ => app.NewBrowser())];
        await Task.WhenAll(browsers.Select((b, i) => b.SignInAsync(AccountApp.Email, "wrong password " + i)));
        await browsers[0].SignInAsync(AccountApp.Email, AccountApp.Password);
        Assert.Equal(SignInService.WrongPair, browsers[0].Alert);
        Assert.Equal(1, await app.AuditCountAsync(AuditActions.UserLockedOut));
    }

    [Fact]
    public async Task SignOut_CopyOfTheCookie_IsDeadAtOnce()
    {
        await using AccountApp app = await AccountApp.StartAsync();
        FormBrowser browser = await app.SignedInAsync();
        FormBrowser copy = app.NewBrowser();
        copy.Cookies.Add(browser.Cookies.GetAllCookies());
        FormBrowser other = await app.SignedInAsync();
        await copy.OpenAsync("/account/profile");
        Assert.Equal("/account/profile", copy.Url.AbsolutePath);

        // Renewed meanwhile, it is still the same session.
        app.Clock.Advance(SessionService.CookieLife / 2 + TimeSpan.FromMinutes(1));
        await copy.OpenAsync("/account/profile");
        Assert.Equal("/account/profile", copy.Url.AbsolutePath);
        await other.OpenAsync("/account/profile");

        await browser.OpenAsync("/account/profile");
        string token = browser.Page.QuerySelector("input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        AngleSharp.Dom.IElement form = browser.Page.CreateElement("form");
        form.SetAttribute("action", "/account/logout");
        await browser.SubmitAsync(form, ("__RequestVerificationToken", token));
        Assert.Equal("/account/login", browser.Url.AbsolutePath);

        await copy.OpenAsync("/account/profile");
        Assert.Equal("/account/login", copy.Url.AbsolutePath);
        await other.OpenAsync("/account/profile");
        Assert.Equal("/account/profile", other.Url.AbsolutePath);
    }

    [Fact]
    public async Task SignOutEverywhere_EndsTheOthersAndKeepsThisOne()
    {
        await using AccountApp app = await AccountApp.StartAsync();
        FormBrowser here = await app.SignedInAsync();
        FormBrowser there = await app.SignedInAsync();
        await here.OpenAsync("/account/profile");
        await here.SubmitAsync("sessions");
        Assert.Contains("signed out everywhere else", here.Alert, StringComparison.Ordinal);
        await here.OpenAsync("/account/profile");
        Assert.Equal("/account/profile", here.Url.AbsolutePath);
        await there.OpenAsync("/account/profile");
        Assert.Equal("/account/login", there.Url.AbsolutePath);
        Assert.Equal(1, await app.AuditCountAsync(AuditActions.UserSignedOutEverywhere));
    }

    [Fact]
    public async Task ChangePassword_OldOneAsked_EndsTheOthers()
    {
        const string next = "another four unrelated words";
        await using AccountApp app = await AccountApp.StartAsync();
        FormBrowser here = await app.SignedInAsync();
        FormBrowser there = await app.SignedInAsync();
        await here.OpenAsync("/account/profile");
        Task Change(string old, string made, string repeat) =>
            here.SubmitAsync("password", ("Input.OldPassword", old), ("Input.NewPassword", made), ("Input.Repeat", repeat));
        await Change("not this one at all", next, next);
        Assert.Contains("not your password", here.Alert, StringComparison.Ordinal);
        Assert.DoesNotContain(next, here.Page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        await Change(AccountApp.Password, next, next + "!");
        Assert.Contains("differ", here.Alert, StringComparison.Ordinal);
        await Change(AccountApp.Password, "short", "short");
        Assert.Contains("at least 12", here.Alert, StringComparison.Ordinal);
        await Change(AccountApp.Password, next, next);
        Assert.Contains("was changed", here.Alert, StringComparison.Ordinal);

        await here.OpenAsync("/account/profile");
        Assert.Equal("/account/profile", here.Url.AbsolutePath);
        await there.OpenAsync("/account/profile");
        Assert.Equal("/account/login", there.Url.AbsolutePath);
        await there.SignInAsync(AccountApp.Email, AccountApp.Password);
        Assert.Equal(SignInService.WrongPair, there.Alert);
        await app.SignedInAsync(next);
        Assert.Equal(1, await app.AuditCountAsync(AuditActions.UserPasswordChanged));
    }

    [Fact]
    public Task Rename_IsSavedAndAudited() => RenameIsSavedAndAuditedAsync(null);

    // There, reading takes a moment: the cards of the page read side by side, and are drawn while they do.
    [PostgresFact]
    public async Task Rename_OnPostgres_IsSavedAndAudited()
    {
        await using TestDatabase database = await TestDatabase.MigratedPostgresAsync();
        await RenameIsSavedAndAuditedAsync(database);
    }

    private static async Task RenameIsSavedAndAuditedAsync(TestDatabase? database)
    {
        await using AccountApp app = await AccountApp.StartAsync(database);
        FormBrowser browser = await app.SignedInAsync();
        await browser.OpenAsync("/account/profile");
        await browser.SubmitAsync("details", ("Input.DisplayName", "  Ada <Lovelace>  "));
        Assert.Contains("name was saved", browser.Alert, StringComparison.Ordinal);
        Assert.Equal("Ada <Lovelace>", browser.Page.QuerySelector("#profile-name")!.GetAttribute("value"));
        Assert.Equal("Ada <Lovelace>", await app.App.QueryAsync(db => db.Users.Select(u => u.DisplayName).SingleAsync()));
        await browser.SubmitAsync("details", ("Input.DisplayName", new string('x', 101)));
        Assert.Contains("100 characters", browser.Alert, StringComparison.Ordinal);
        Assert.Equal(1, await app.AuditCountAsync(AuditActions.UserUpdated));
    }

    [Theory]
    [InlineData("/account/profile")]
    [InlineData("/account/profile/two-factor")]
    [InlineData("/account/profile/recovery-codes")]
    public async Task OwnPages_NobodySignedIn_LeadToTheSignIn(string path)
    {
        await using AccountApp app = await AccountApp.StartAsync();
        FormBrowser browser = app.NewBrowser();
        await browser.OpenAsync(path);
        Assert.Equal("/account/login", browser.Url.AbsolutePath);
    }
}
