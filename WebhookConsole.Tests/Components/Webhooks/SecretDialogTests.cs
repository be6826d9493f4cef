using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using Radzen;
using WebhookConsole.Components.Pages.Webhooks.Forms;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Components.Webhooks;

public class SecretDialogTests : ComponentTestContext
{
    [Fact]
    public void SecretDialog_Secret_IsShownOnceSelectedAndWithACopyButton()
    {
        var dialog = Show(new SecretNotice(Samples.Webhook(), Samples.Secret));

        Assert.Equal(Samples.Secret, dialog.Find("input[readonly]").GetAttribute("value"));
        Assert.Equal(Samples.Secret, dialog.Find("button.copy").GetAttribute("data-copy"));
        Assert.Contains("You cannot see it again", dialog.Markup);
        JSInterop.VerifyInvoke("consoleUi.select");
    }

    [Fact]
    public async Task SecretDialog_Opened_ClosesWithItsButtonOnly()
    {
        DialogService dialogs = Services.GetRequiredService<DialogService>();
        DialogOptions? options = null;
        List<object?> closed = [];
        dialogs.OnOpen += (_, _, _, given) => options = given;
        dialogs.OnClose += result => closed.Add((object?)result);
        SecretNotice notice = new(Samples.Webhook(), Samples.Secret);
        Task shown = dialogs.ShowSecretAsync(notice);

        Assert.False(options!.CloseDialogOnEsc);
        Assert.False(options.CloseDialogOnOverlayClick);
        Assert.False(options.ShowClose);

        await Show(notice).FindAll("button").Single(b => b.TextContent == "I have stored it").ClickAsync();
        await shown;
        Assert.Single(closed);
    }

    [Fact]
    public void SecretDialog_LeavingThePage_IsHeldBackUntilItIsStored()
    {
        Show(new SecretNotice(Samples.Webhook(), Samples.Secret));
        NavigationManager navigation = Services.GetRequiredService<NavigationManager>();
        string before = navigation.Uri;

        navigation.NavigateTo("/p/default/events");

        Assert.Equal(before, navigation.Uri);
    }

    [Fact]
    public void SecretDialog_ForAnOperator_ShowsNoSecretAndWhoMayClaimIt()
    {
        var dialog = Show(new SecretNotice(Samples.Webhook(), null));

        Assert.Empty(dialog.FindAll("input"));
        Assert.Empty(dialog.FindAll("button.copy"));
        Assert.Contains("admin or owner", dialog.Markup);
    }

    [Fact]
    public void SecretDialog_Unverified_SaysWhy()
    {
        Webhook webhook = Samples.Webhook();
        webhook.Verified = false;
        webhook.StateReason = "The endpoint refused the request (404).";

        Assert.Contains(webhook.StateReason, Show(new SecretNotice(webhook, Samples.Secret)).Markup);
    }

    [Fact]
    public void SecretDialog_RotatedNow_SaysThatTheOldOneIsInvalidAlready() =>
        Assert.Contains("no longer valid", Show(new SecretNotice(Samples.Webhook(), Samples.Secret) { Rotated = true }).Markup);

    private IRenderedComponent<SecretDialog> Show(SecretNotice notice) => Render<SecretDialog>(p => p.Add(d => d.Notice, notice));
}
