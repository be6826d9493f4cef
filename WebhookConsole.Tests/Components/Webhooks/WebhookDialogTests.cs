using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Radzen;
using WebhookConsole.Components.Pages.Webhooks.Forms;
using WebhookConsole.Domain;
using WebhookConsole.Targets;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Components.Webhooks;

public class WebhookDialogTests : ComponentTestContext
{
    private static readonly TargetPolicy s_policy = new(false, []);

    [Fact]
    public async Task WebhookDialog_Refused_ShowsErrorsAtTheirFieldsAndKeepsWhatWasTyped()
    {
        WebhookForm form = new();
        var dialog = Show(form, SaveAsTheServiceDoes(form));

        await dialog.Find("#name").ChangeAsync("  ");
        await dialog.Find("#url").ChangeAsync("http://10.0.0.1/x");
        await dialog.Find("#maxInFlight").ChangeAsync("many");
        await dialog.Find("form").SubmitAsync();

        Assert.Contains("Enter a name", dialog.Find("#name-error").TextContent);
        Assert.Contains("https", dialog.Find("#url-error").TextContent);
        Assert.Contains("Enter 1–100 concurrent", dialog.Find("#maxInFlight-error").TextContent);
        Assert.Equal("true", dialog.Find("#url").GetAttribute("aria-invalid"));
        Assert.Equal("http://10.0.0.1/x", dialog.Find("#url").GetAttribute("value"));
        Assert.Equal("many", dialog.Find("#maxInFlight").GetAttribute("value"));
        JSInterop.VerifyInvoke("consoleUi.focusInvalid");
    }

    [Fact]
    public async Task WebhookDialog_OnlySomeAndNoneChosen_IsRefusedInsteadOfMeaningAll()
    {
        WebhookForm form = new() { Name = "Billing", Url = "https://example.com" };
        var dialog = Show(form, SaveAsTheServiceDoes(form));

        await dialog.FindAll("input[name=events]")[1].ChangeAsync(true);
        await dialog.Find("form").SubmitAsync();
        Assert.Contains("at least one", dialog.Find("#eventTypes-error").TextContent);

        await dialog.Find("#eventTypes").InputAsync("order.paid, incident.*");
        await dialog.Find("#eventTypes-add").ClickAsync();
        await dialog.FindAll("[role=treeitem]").Single(i => i.TextContent.Contains("invoice.paid", StringComparison.Ordinal)).ClickAsync();
        Assert.Equal(["incident.*", "invoice.paid", "order.paid"], form.ToDraft().EventTypes!);
    }

    [Fact]
    public async Task WebhookDialog_OperationalEventsChosen_OffersTheirTypesAndForgetsTheOthers()
    {
        WebhookForm form = new() { AllEvents = false };
        form.Patterns.Add("order.paid");
        var dialog = Show(form, SaveAsTheServiceDoes(form));
        await dialog.FindAll("input[name=scope]")[1].ChangeAsync(true);
        Assert.Contains("All operational events", dialog.Markup);
        await dialog.FindAll("input[name=events]")[1].ChangeAsync(true);
        Assert.Contains("such as webhook.*", dialog.Find("#eventTypes-hint").TextContent);
        Assert.Contains("delivery.failed", dialog.Find("[role=tree]").TextContent);
        Assert.Equal((WebhookScope.Operations, 0), (form.Scope, form.Patterns.Count));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WebhookDialog_OfAnExistingWebhook_RotatesOrSaysWhoMay(bool mayRotate)
    {
        int rotated = 0;
        Func<Task> rotate = () =>
        {
            rotated++;
            return Task.CompletedTask;
        };
        var dialog = Render<WebhookDialog>(p =>
            p.Add(d => d.Form, new WebhookForm { Version = 1 })
                .Add(d => d.Save, () => Task.FromResult<RuleException?>(null))
                .Add(d => d.Rotate, mayRotate ? rotate : null)
        );

        if (mayRotate)
        {
            await dialog.Find(".secret-action button").ClickAsync();
            Assert.Equal(1, rotated);
        }
        else
        {
            Assert.Equal("Only an admin or owner can rotate the signing secret.", dialog.Find(".secret-action").TextContent.Trim());
        }
    }

    [Fact]
    public void WebhookDialog_OfANewWebhook_HasNoSecretToRotate() =>
        Assert.Empty(Show(new WebhookForm(), () => Task.FromResult<RuleException?>(null)).FindAll(".secret-action"));

    [Fact]
    public async Task WebhookDialog_LimitReached_ShowsTheSentence()
    {
        var dialog = Show(
            new WebhookForm(),
            () =>
                Task.FromResult<RuleException?>(
                    RuleException.Conflict("max_webhooks_reached", "Max webhooks reached: this project has 20. Delete unused ones.")
                )
        );

        await dialog.Find("form").SubmitAsync();

        Assert.Contains("Max webhooks reached", dialog.Find("[role=alert]").TextContent);
    }

    [Fact]
    public async Task WebhookDialog_StaleEdit_ShowsTheirValuesBesideTheTypedOnesAndSavesOnTop()
    {
        Webhook webhook = Samples.Webhook("Billing");
        WebhookForm form = WebhookForm.Of(webhook);
        List<int?> versions = [];
        var dialog = Show(
            form,
            () =>
            {
                versions.Add(form.Version);
                return Task.FromResult(form.Version == webhook.Version ? null : RuleException.Conflict("stale_edit", "Somebody else changed it."));
            },
            () => Task.FromResult<Webhook?>(webhook)
        );
        webhook.Name = "Invoices";
        webhook.Url = "https://example.com/new";
        webhook.Version = 2;

        await dialog.Find("#name").ChangeAsync("Money");
        await dialog.Find("form").SubmitAsync();

        Assert.Contains("Invoices", dialog.Find(".conflicts").TextContent);
        Assert.Contains("Money", dialog.Find(".conflicts").TextContent);
        Assert.Equal("Money", dialog.Find("#name").GetAttribute("value"));

        await dialog.FindAll(".conflicts button")[1].ClickAsync();
        Assert.Equal("https://example.com/new", dialog.Find("#url").GetAttribute("value"));
        await dialog.Find("form").SubmitAsync();
        Assert.Equal([1, 2], versions);
    }

    [Fact]
    public async Task WebhookDialog_StoredHeader_ShowsItsEndAndIsKeptUnlessReplaced()
    {
        Webhook webhook = Samples.Webhook();
        webhook.Headers = [new HeaderHint("Authorization", "…8f3a"), new HeaderHint("X-Tenant", "…")];
        WebhookForm form = WebhookForm.Of(webhook);
        var dialog = Show(form, () => Task.FromResult<RuleException?>(null));

        Assert.Contains("Authorization", dialog.FindAll(".header-row")[0].TextContent);
        Assert.Contains("…8f3a", dialog.FindAll(".header-row")[0].TextContent);
        Assert.Empty(dialog.FindAll(".header-row input"));
        Assert.Equal([new("Authorization", null), new("X-Tenant", null)], form.ToDraft().Headers);

        await dialog.Find("[aria-label='Replace the value of Authorization']").ClickAsync();
        Assert.Equal(new HeaderDraft("Authorization", null), form.ToDraft().Headers[0]);
        await dialog.Find("[aria-label='New value of Authorization']").ChangeAsync("Bearer new");
        await dialog.Find("[aria-label='Remove X-Tenant']").ClickAsync();
        Assert.Equal([new("Authorization", "Bearer new")], form.ToDraft().Headers);
    }

    [Fact]
    public async Task WebhookDialog_StaleEdit_ComparesHeadersWithoutTheirValues()
    {
        Webhook webhook = Samples.Webhook();
        webhook.Headers = [new HeaderHint("Authorization", "…8f3a"), new HeaderHint("X-Kept", "…aaaa")];
        WebhookForm form = WebhookForm.Of(webhook);
        var dialog = Show(
            form,
            () => Task.FromResult<RuleException?>(RuleException.Conflict("stale_edit", "Somebody else changed it.")),
            () => Task.FromResult<Webhook?>(webhook)
        );
        webhook.Headers = [new HeaderHint("Authorization", "…8f3a"), new HeaderHint("X-Kept", "…bbbb")];
        webhook.Version = 2;

        // Their new value of a header that is kept is no conflict.
        await dialog.Find("form").SubmitAsync();
        Assert.Contains("Save again", dialog.Find("[role=alert]").TextContent);
        Assert.Contains("…bbbb", dialog.FindAll(".header-row")[1].TextContent);

        await dialog.Find("[aria-label='Replace the value of Authorization']").ClickAsync();
        await dialog.Find("[aria-label='New value of Authorization']").ChangeAsync("Bearer typed-77aa");
        await dialog.Find("form").SubmitAsync();
        Assert.Contains("Authorization: …8f3a, X-Kept: …bbbb", dialog.Find(".conflicts").TextContent);
        Assert.Contains("Authorization: a new value, X-Kept: …bbbb", dialog.Find(".conflicts").TextContent);
        Assert.DoesNotContain("77aa", dialog.Find(".conflicts").TextContent);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void WebhookDialog_ImportOfASecret_IsOfferedToThoseWhoMay(bool may) =>
        Assert.Equal(
            may,
            Render<WebhookDialog>(p =>
                    p.Add(d => d.Form, new WebhookForm()).Add(d => d.MayImport, may).Add(d => d.Save, () => Task.FromResult<RuleException?>(null))
                )
                .FindAll("#secret")
                .Count == 1
        );

    [Fact]
    public async Task WebhookDialog_ClosedWhileItSaves_LeavesTheNextDialogOpen()
    {
        TaskCompletionSource<RuleException?> saving = new();
        var dialog = Show(new WebhookForm(), () => saving.Task);
        List<object?> closed = [];
        Services.GetRequiredService<DialogService>().OnClose += result => closed.Add((object?)result);

        Task submit = dialog.Find("form").SubmitAsync();
        await DisposeComponentsAsync();
        saving.SetResult(null);
        await submit;

        Assert.Empty(closed);
    }

    private static Func<Task<RuleException?>> SaveAsTheServiceDoes(WebhookForm form) =>
        () =>
        {
            try
            {
                form.ToDraft().Apply(Samples.Webhook(), s_policy);
                return Task.FromResult<RuleException?>(null);
            }
            catch (RuleException refusal)
            {
                return Task.FromResult<RuleException?>(refusal);
            }
        };

    private IRenderedComponent<WebhookDialog> Show(WebhookForm form, Func<Task<RuleException?>> save, Func<Task<Webhook?>>? reload = null) =>
        Render<WebhookDialog>(p =>
            p.Add(d => d.Form, form)
                .Add(
                    d => d.Types,
                    [
                        new EventType
                        {
                            ProjectId = Ids.New(Clock.GetUtcNow()),
                            Name = "invoice.paid",
                            CreatedAt = Clock.GetUtcNow(),
                        },
                    ]
                )
                .Add(d => d.Save, save)
                .Add(d => d.Reload, reload)
        );
}
