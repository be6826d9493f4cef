using System.Security.Claims;
using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WebhookConsole.Accounts;
using WebhookConsole.Components.Gate;
using WebhookConsole.Domain;
using WebhookConsole.Projects;
using WebhookConsole.Tests.People;
using WebhookConsole.Tests.Support;
using WebhookConsole.Ui;

namespace WebhookConsole.Tests.Components.Gate;

/// <summary>What an open page does when the session has ended elsewhere: it leaves for the sign-in page, and nothing has failed.</summary>
public sealed class ConsoleSessionTests : ComponentTestContext, IAsyncLifetime
{
    private TestApp _app = null!;

    public async Task InitializeAsync()
    {
        _app = await TestApp.StartAsync(TestPeople.SetUp());
        Services.AddSingleton(_app.Get<SessionService>());
        Services.AddSingleton(_app.Get<ProjectDirectory>());
        Services.AddScoped<CurrentProject>();
        Services.AddScoped<ConsoleSession>();
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        await DisposeComponentsAsync();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ActorAsync_SessionEnded_LeavesForTheSignInAndFailsNothing(bool whileOpening)
    {
        ClaimsPrincipal owner = await SignedInAsync();
        Services.AddSingleton<AuthenticationStateProvider>(new Fixed(owner));
        NavigationManager navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("/p/default/events?status=failed");
        if (whileOpening)
        {
            await _app.Get<SessionService>().EndAsync(owner);
        }

        IRenderedComponent<Page> page = Render<Page>();
        if (!whileOpening)
        {
            page.WaitForAssertion(() => Assert.Equal(TestPeople.Owner, page.Find("button").TextContent));
            await _app.Get<SessionService>().EndAsync(owner);
            await page.Find("button").ClickAsync(new MouseEventArgs());
        }

        page.WaitForAssertion(() =>
            Assert.EndsWith("/account/login?returnUrl=%2Fp%2Fdefault%2Fevents%3Fstatus%3Dfailed", navigation.Uri, StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task LastActorAsync_SessionEnded_IsAskedForAnew()
    {
        ClaimsPrincipal owner = await SignedInAsync();
        Services.AddSingleton<AuthenticationStateProvider>(new Fixed(owner));
        ConsoleSession session = Services.GetRequiredService<ConsoleSession>();
        Actor read = await session.ActorAsync();
        Assert.Same(read, await session.LastActorAsync(CancellationToken.None));

        // Somebody else's session.
        await _app.Get<SessionService>().EndAsync(await SignedInAsync());
        Assert.Equal(read.Id, (await session.LastActorAsync(CancellationToken.None)).Id);
        await _app.Get<SessionService>().EndAsync(owner);
        await Assert.ThrowsAsync<OperationCanceledException>(() => session.LastActorAsync(CancellationToken.None));
    }

    private async Task<ClaimsPrincipal> SignedInAsync()
    {
        (Guid id, string stamp) = await _app.QueryAsync(async db =>
        {
            var user = await db.Users.SingleAsync();
            return (user.Id, user.SecurityStamp!);
        });
        Claim[] claims =
        [
            new(ClaimTypes.NameIdentifier, id.ToString()),
            new(new ClaimsIdentityOptions().SecurityStampClaimType, stamp),
            new(SessionService.IdClaim, SessionService.NewId()),
        ];
        return new ClaimsPrincipal(new ClaimsIdentity(claims, "test"));
    }

    private sealed class Fixed(ClaimsPrincipal person) : AuthenticationStateProvider
    {
        public override Task<AuthenticationState> GetAuthenticationStateAsync() => Task.FromResult(new AuthenticationState(person));
    }

    /// <summary>Asks who it is when it opens and at a click.</summary>
    private sealed class Page : ComponentBase
    {
        private string? _name;

        [Inject]
        private ConsoleSession Session { get; set; } = default!;

        protected override Task OnInitializedAsync() => AskAsync();

        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenElement(0, "button");
            builder.AddAttribute(1, "onclick", EventCallback.Factory.Create(this, AskAsync));
            builder.AddContent(2, _name);
            builder.CloseElement();
        }

        private async Task AskAsync() => _name = (await Session.ActorAsync()).Name;
    }
}
