using System.Net;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WebhookConsole.Accounts;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Accounts;

/// <summary>How often somebody may guess, however they come (specification §2, §15).</summary>
public sealed class TryLimitTests
{
    private const string Email = "owner@example.com";
    private const string Password = "correct horse battery staple";

    private static Task<TestApp> StartAsync(Action<IServiceCollection>? services = null) =>
        TestApp.StartAsync(
            new TestAppSetup
            {
                Quartz = false,
                Services = services,
                Settings = new Dictionary<string, string?>
                {
                    ["Setup:OwnerEmail"] = Email,
                    ["Setup:OwnerPassword"] = Password,
                    ["Proxy:KnownProxies:0"] = "127.0.0.1",
                },
            }
        );

    [Fact]
    public async Task SignIn_LockedWhileThePasswordIsChecked_IsRefused()
    {
        // Checking takes a while; tries that come together would all have seen the account open.
        SlowHasher hasher = new();
        await using TestApp app = await StartAsync(services => services.AddSingleton<IPasswordHasher<ConsoleUser>>(hasher));

        // The page blocks here, so nothing in this may continue on the page's synchronization context.
        hasher.While = () =>
            Task.Run(() => app.QueryAsync(db => db.Users.ExecuteUpdateAsync(s => s.SetProperty(u => u.LockoutEnd, (DateTimeOffset?)DateTimeOffset.MaxValue))))
                .GetAwaiter()
                .GetResult();
        using FormBrowser browser = new(app.Address);
        await browser.SignInAsync(Email, Password);
        Assert.Equal(SignInService.WrongPair, browser.Alert);
        Assert.Equal(0, await app.QueryAsync(db => db.AuditEntries.CountAsync(a => a.Action == AuditActions.UserSignedIn)));
        Assert.Equal(1, await app.QueryAsync(db => db.AuditEntries.CountAsync(a => a.Action == AuditActions.UserSignInFailed)));
    }

    [Theory]
    [InlineData("2001:db8:1:2::", true)]
    [InlineData("2001:db8:1:", false)]
    public async Task SignIn_ManyAddressesOfOneNetwork_CountAsOne(string network, bool same)
    {
        await using TestApp app = await StartAsync();
        HttpStatusCode last = default;
        using HttpClient client = app.NewClient(null);
        for (int i = 1; i <= 21; i++)
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "/account/login") { Content = new FormUrlEncodedContent([]) };
            request.Headers.Add("X-Forwarded-For", $"{network}{i:x}{(same ? "" : "::1")}");
            using HttpResponseMessage answer = await client.SendAsync(request);
            last = answer.StatusCode;
        }

        Assert.Equal(same ? HttpStatusCode.TooManyRequests : HttpStatusCode.BadRequest, last);
    }

    [Fact]
    public async Task WrongTokens_ManyAddressesOfOneNetwork_CountAsOne()
    {
        await using TestApp app = await StartAsync();
        HttpStatusCode last = default;
        for (int i = 1; i <= 200 && last != HttpStatusCode.TooManyRequests; i++)
        {
            using HttpClient client = app.NewClient("whc_" + Ids.New(DateTimeOffset.UnixEpoch).ToString("n"));
            last = (
                await app.SendAsync(HttpMethod.Get, "webhooks", client: client, change: r => r.Headers.Add("X-Forwarded-For", $"2001:db8:1:2::{i:x}"))
            ).Status;
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
    }

    private sealed class SlowHasher : IPasswordHasher<ConsoleUser>
    {
        private readonly PasswordHasher<ConsoleUser> _hasher = new();

        public Action? While { get; set; }

        public string HashPassword(ConsoleUser user, string password) => _hasher.HashPassword(user, password);

        public PasswordVerificationResult VerifyHashedPassword(ConsoleUser user, string hashedPassword, string providedPassword)
        {
            While?.Invoke();
            return _hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
        }
    }
}
