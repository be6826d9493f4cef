using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Radzen;
using WebhookConsole.Components.Dialogs;

namespace WebhookConsole.Tests.Components;

public class ConfirmDialogTests : ComponentTestContext
{
    [Fact]
    public async Task ConfirmDialog_PlainQuestion_CanBeConfirmedAtOnce()
    {
        var (dialog, answer) = Ask(new ConfirmRequest("Replay?", "One attempt now.", "Replay"));

        Assert.Contains("btn-primary", dialog.Find("button[type=submit]").ClassList);
        await dialog.Find("form").SubmitAsync();

        Assert.True(await answer);
    }

    [Fact]
    public async Task ConfirmDialog_Cancel_AnswersNo()
    {
        var (dialog, answer) = Ask(new ConfirmRequest("Replay?", "One attempt now.", "Replay"));

        await dialog.Find("button[type=button]").ClickAsync();

        Assert.False(await answer);
    }

    [Fact]
    public async Task ConfirmDialog_TypeToConfirm_WantsTheExactText()
    {
        var (dialog, answer) = Ask(new ConfirmRequest("Delete?", "For good.", "Delete webhook") { Danger = true, TypeToConfirm = "Billing" });
        Assert.Equal("true", dialog.Find("button[type=submit]").GetAttribute("aria-disabled"));

        await dialog.Find("input").InputAsync("billing");
        await dialog.Find("form").SubmitAsync();
        Assert.False(answer.IsCompleted);
        Assert.Equal("The text does not match.", dialog.Find("[role=alert]").TextContent);

        await dialog.Find("input").InputAsync("Billing");
        Assert.False(dialog.Find("button[type=submit]").HasAttribute("aria-disabled"));
        Assert.Empty(dialog.Find("[role=alert]").TextContent);
        Assert.Contains("btn-danger", dialog.Find("button[type=submit]").ClassList);
        await dialog.Find("form").SubmitAsync();
        Assert.True(await answer);
    }

    private (IRenderedComponent<ConfirmDialog> Dialog, Task<bool> Answer) Ask(ConfirmRequest request) =>
        (Render<ConfirmDialog>(p => p.Add(d => d.Request, request)), Services.GetRequiredService<DialogService>().AskAsync(request));
}
