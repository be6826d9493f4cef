using System.Security.Claims;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Radzen;
using WebhookConsole.Accounts;
using WebhookConsole.Audit;
using WebhookConsole.Components;
using WebhookConsole.Components.Gate;
using WebhookConsole.Components.Pages;
using WebhookConsole.Components.Pages.Audit;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Live;
using WebhookConsole.People;
using WebhookConsole.Projects;
using WebhookConsole.Tests.Inbox;
using WebhookConsole.Ui;

namespace WebhookConsole.Tests.Components;

/// <summary>The page on the services of a running application.</summary>
public sealed class AuditPageTests : ComponentTestContext, IAsyncLifetime
{
    private InboxHost _host = null!;
    private IRenderedComponent<PageHost>? _shown;

    public async Task InitializeAsync()
    {
        _host = await InboxHost.StartAsync();
        Services.AddSingleton(_host.Get<ProjectDirectory>());
        Services.AddSingleton(_host.Get<SessionService>());
        Services.AddSingleton(_host.Get<ChangeFeed>());
        Services.AddSingleton(_host.Get<AuditQueries>());
        Services.AddSingleton<WebhookConsole.Components.RefreshTurns>();
        Services.AddScoped<CurrentProject>();
        Services.AddScoped<ConsoleSession>();
        Services.AddScoped<NotificationService>();
        Services.AddScoped<WebhookConsole.Components.Notices.Notifier>();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeComponentsAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task AuditPage_Entries_SaysWhoDidWhat()
    {
        await _host.CreateInboxAsync("Orders <b>");

        var page = await ShowAsync(Role.Owner);

        page.WaitForAssertion(() => Assert.Contains("Orders <b>", page.Find("tbody").TextContent));
        Assert.Contains("Inbox changed", page.Find("tbody").TextContent);
        Assert.Contains(page.FindAll(".audit-details dd"), d => d.TextContent.Contains("created", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AuditPage_NothingMatches_OffersToRemoveTheFilters()
    {
        var page = await ShowAsync(Role.Admin, "?actor=nobody-of-this-name");

        page.WaitForAssertion(() => Assert.Equal("No entry matches", page.Find(".empty-title").TextContent));
        Assert.Equal("/p/default/settings/audit", page.Find(".empty-actions a").GetAttribute("href"));
    }

    [Fact]
    public async Task AuditPage_TimeThatCannotBeRead_IsSaid()
    {
        var page = await ShowAsync(Role.Admin, "?since=yesterday");

        page.WaitForAssertion(() => Assert.Contains("A time is an RFC 3339 time", page.Find(".callout").TextContent));
    }

    [Fact]
    public async Task AuditPage_PageThatCannotBeRead_ShowsTheNewestAndSaysSo()
    {
        await _host.CreateInboxAsync("Orders");

        var page = await ShowAsync(Role.Admin, "?before=x");

        page.WaitForAssertion(() => Assert.Contains("Orders", page.Find("tbody").TextContent));
        Assert.Contains("cannot be read and was ignored: before", page.Find(".callout").TextContent);
    }

    [Fact]
    public async Task AuditPage_Installation_IsForOwnersOnly()
    {
        var admin = await ShowAsync(Role.Admin, "?scope=installation");
        admin.WaitForAssertion(() => Assert.Contains("You have no access", admin.Markup));
        await Assert.ThrowsAsync<RuleException>(() =>
            _host
                .Get<AuditQueries>()
                .ReadInstallationAsync(
                    new Actor
                    {
                        Kind = ActorKind.User,
                        Name = "admin",
                        Role = Role.Admin,
                    },
                    new(),
                    CancellationToken.None
                )
        );
    }

    [Fact]
    public async Task AuditPage_InstallationAsOwner_ShowsPeople()
    {
        var page = await ShowAsync(Role.Owner, "?scope=installation");

        page.WaitForAssertion(() => Assert.Contains("User created", page.Find("tbody").TextContent));
    }

    [Fact]
    public async Task PageHost_ActionAfterThePageWasLeft_IsRefused()
    {
        await ShowAsync(Role.Owner);
        PageHost left = _shown!.Instance;
        await DisposeComponentsAsync();
        bool done = false;

        RuleException? refusal = await left.SubmitAsync(_ => Task.FromResult(done = true));

        Assert.Equal("The page was left before this was done. Nothing was changed.", refusal?.Message);
        Assert.False(done);
    }

    private async Task<IRenderedComponent<AuditPage>> ShowAsync(Role role, string query = "")
    {
        Person person = await _host.Get<UserService>().AddAsync(Actor.System, $"the-{role}@example.com", "correct horse battery", role, _host.ProjectId);
        await using ConsoleDbContext db = await _host.Get<IDbContextFactory<ConsoleDbContext>>().CreateDbContextAsync();
        string stamp = await db.Users.Where(u => u.Id == person.Id).Select(u => u.SecurityStamp!).SingleAsync();
        Services.AddSingleton<AuthenticationStateProvider>(new SignedIn(person.Id, stamp));
        Services.GetRequiredService<NavigationManager>().NavigateTo("/p/default/settings/audit" + query);
        _shown = Render<PageHost>(p => p.Add(h => h.Slug, "default").AddChildContent<AuditPage>(a => a.Add(page => page.ProjectSlug, "default")));
        return _shown.WaitForComponent<AuditPage>();
    }

    private sealed class SignedIn(Guid person, string stamp) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync()
        {
            Claim[] claims =
            [
                new(ClaimTypes.NameIdentifier, person.ToString()),
                new(new ClaimsIdentityOptions().SecurityStampClaimType, stamp),
                new(SessionService.IdClaim, SessionService.NewId()),
            ];
            return Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity(claims, "test"))));
        }
    }
}
