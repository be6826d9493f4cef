using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Radzen;
using WebhookConsole.Components.Dialogs;
using WebhookConsole.Components.Pages.Webhooks.Forms;
using WebhookConsole.Domain;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Components.Webhooks;

public class OtherDialogTests : ComponentTestContext
{
    [Theory]
    [InlineData(SignatureFormat.Standard)]
    [InlineData(SignatureFormat.Svix)]
    public async Task RotateDialog_FormatWithOverlap_OffersItFirst(SignatureFormat format)
    {
        var dialog = Rotate(format, out Task<RotateChoice?> answer);

        Assert.Equal("24", dialog.Find("#overlap").GetAttribute("value"));
        await dialog.Find("#overlap").ChangeAsync("168");
        await dialog.Find("form").SubmitAsync();

        Assert.Equal(new RotateChoice(168), await answer);
    }

    [Theory]
    [InlineData(SignatureFormat.BodyHex)]
    [InlineData(SignatureFormat.TimestampedHex)]
    public async Task RotateDialog_FormatWithoutOverlap_SaysWhyAndRotatesNow(SignatureFormat format)
    {
        var dialog = Rotate(format, out Task<RotateChoice?> answer);

        Assert.Single(dialog.FindAll("input[type=radio]"));
        Assert.Contains("one signature", dialog.Markup);
        await dialog.Find("form").SubmitAsync();

        Assert.Equal(new RotateChoice(null), await answer);
    }

    [Fact]
    public async Task RotateDialog_OlderSecrets_AreListedAndBounded()
    {
        var dialog = Rotate(SignatureFormat.Standard, out _, older: 2);
        Assert.Equal(2, dialog.FindAll("li").Count);
        Assert.Contains("whsec_…0002", dialog.Find("ul").TextContent, StringComparison.Ordinal);
        Assert.False(dialog.Find("button[type=submit]").HasAttribute("disabled"));

        dialog = Rotate(SignatureFormat.Standard, out _, older: SecretService.MaxSecrets - 1);
        Assert.True(dialog.Find("button[type=submit]").HasAttribute("disabled"));
        await dialog.FindAll("input[type=radio]")[0].ChangeAsync("on");
        Assert.False(dialog.Find("button[type=submit]").HasAttribute("disabled"));
    }

    [Fact]
    public async Task RotateDialog_Cancel_RotatesNothing()
    {
        var dialog = Rotate(SignatureFormat.Standard, out Task<RotateChoice?> answer);

        await dialog.Find("button[type=button]").ClickAsync();

        Assert.Null(await answer);
    }

    [Fact]
    public async Task DeleteRequest_Dialog_NeedsTheNameAndSaysWhatIsCancelled()
    {
        ConfirmRequest request = WebhookDialogs.DeleteRequest(Samples.Webhook("Billing"), 7);
        Task<bool> answer = Services.GetRequiredService<DialogService>().AskAsync(request);
        var dialog = Render<ConfirmDialog>(p => p.Add(d => d.Request, request));

        Assert.Contains("7 waiting deliveries are cancelled", dialog.Markup);
        Assert.True(dialog.Find("button[type=submit]").HasAttribute("aria-disabled"));
        await dialog.Find("input").InputAsync("Billing");
        await dialog.Find("form").SubmitAsync();

        Assert.True(await answer);
    }

    private IRenderedComponent<RotateDialog> Rotate(SignatureFormat format, out Task<RotateChoice?> answer, int older = 0)
    {
        DateTimeOffset now = Clock.GetUtcNow();
        SecretInfo[] secrets =
        [
            .. Enumerable
                .Range(0, older + 1)
                .Select(i => new SecretInfo(Ids.New(now), $"whsec_…000{i}", $"0000000{i}", now, i == 0 ? null : now.AddHours(i), Claimable: false)),
        ];
        Webhook webhook = Samples.Webhook(format: format);
        answer = Services.GetRequiredService<DialogService>().AskRotationAsync(webhook, secrets);
        return Render<RotateDialog>(p => p.Add(d => d.Webhook, webhook).Add(d => d.Secrets, secrets));
    }
}
