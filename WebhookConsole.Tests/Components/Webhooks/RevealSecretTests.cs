using Bunit;
using WebhookConsole.Components.Pages.Webhooks.Actions;
using WebhookConsole.Components.Pages.Webhooks.Detail;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Components.Webhooks;

public class RevealSecretTests : ComponentTestContext
{
    [Theory]
    [InlineData(Role.Admin, true, false, true)]
    [InlineData(Role.Owner, true, false, true)]
    [InlineData(Role.Operator, true, false, false)]
    [InlineData(Role.Admin, false, false, false)]
    [InlineData(Role.Admin, true, true, false)]
    public void SigningTab_Reveal_IsThereForThoseWhoMay(Role role, bool allowed, bool claimable, bool there)
    {
        var tab = Show(new FakeCommands(role) { CanReveal = allowed }, claimable);
        Assert.Equal(there, tab.FindAll(".secret-reveal").Count == 1);
        Assert.Equal(!there, tab.Markup.Contains("shown once", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Reveal_Pressed_ShowsTheTextForAMinute()
    {
        var tab = Show(new FakeCommands(Role.Admin) { CanReveal = true });
        Assert.DoesNotContain(Samples.Secret, tab.Markup, StringComparison.Ordinal);

        await Button(tab, "Reveal").ClickAsync();
        Assert.Equal(Samples.Secret, tab.Find(".secret-reveal input").GetAttribute("value"));
        Assert.Equal(Samples.Secret, tab.Find(".secret-reveal button.copy").GetAttribute("data-copy"));
        JSInterop.VerifyInvoke("consoleUi.forget");

        Clock.Step(TimeSpan.FromSeconds(60));
        tab.WaitForAssertion(() => Assert.DoesNotContain(Samples.Secret, tab.Markup, StringComparison.Ordinal));
        Assert.NotNull(Button(tab, "Reveal"));
    }

    [Fact]
    public async Task Hide_Pressed_TakesTheTextAway()
    {
        var tab = Show(new FakeCommands(Role.Admin) { CanReveal = true });
        await Button(tab, "Reveal").ClickAsync();
        await Button(tab, "Hide").ClickAsync();
        Assert.DoesNotContain(Samples.Secret, tab.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Page_Left_StopsTheClock()
    {
        int before = Clock.RunningTimers;
        var tab = Show(new FakeCommands(Role.Admin) { CanReveal = true });
        await Button(tab, "Reveal").ClickAsync();
        await DisposeComponentsAsync();
        Assert.Equal(before, Clock.RunningTimers);
    }

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<SigningTab> tab, string text) =>
        tab.FindAll(".secret-reveal button").Single(b => b.TextContent == text);

    private IRenderedComponent<SigningTab> Show(FakeCommands commands, bool claimable = false)
    {
        SecretInfo secret = new(Ids.New(Clock.GetUtcNow()), "whsec_…LaSw", "1a2b3c4d", Clock.GetUtcNow(), null, claimable);
        WebhookDetail detail = new(Samples.Webhook(), new WebhookActivity(null, [.. Enumerable.Repeat((0, 0), WebhookStats.Hours)], 0, 0), [secret], []);
        return Render<SigningTab>(p => p.Add(t => t.Detail, detail).AddCascadingValue<WebhookCommands>(commands).Add(t => t.Project, "default"));
    }
}
