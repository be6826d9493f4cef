using Bunit;
using Microsoft.Extensions.DependencyInjection;
using Radzen;
using WebhookConsole.Components.Pages.Tokens;
using WebhookConsole.Domain;
using WebhookConsole.Tokens;

namespace WebhookConsole.Tests.Components;

public class TokenShownDialogTests : ComponentTestContext
{
    private const string Text = "whc_0123456789abcdef0123456789abcdef0123456789abcdef";

    [Fact]
    public void TokenShown_EventsWrite_ShowsItWithACommandThatPostsAnEvent()
    {
        var dialog = Show(TokenScopes.EventsWrite);

        Assert.Equal(Text, dialog.Find(".secret-text").TextContent);
        Assert.Equal(Text, dialog.Find(".secret-box button.copy").GetAttribute("data-copy"));
        string command = dialog.Find("code").TextContent;
        Assert.Contains("https://console.example/api/v1/projects/default/events", command);
        Assert.Contains($"'Authorization: Bearer {Text}'", command);
    }

    [Theory]
    [InlineData(TokenScopes.DeliveriesRead, "/deliveries'")]
    [InlineData(TokenScopes.WebhooksRead, "/webhooks'")]
    public void TokenShown_OtherScopes_ShowsACommandThatItMayRun(TokenScopes scopes, string expected) =>
        Assert.Contains(expected, Show(scopes).Find("code").TextContent);

    [Fact]
    public async Task TokenShown_Stored_ClosesTheDialog()
    {
        var dialog = Show(TokenScopes.EventsWrite);
        bool closed = false;
        Services.GetRequiredService<DialogService>().OnClose += _ => closed = true;
        _ = Services.GetRequiredService<DialogService>().OpenAsync<TokenShownDialog>("x");

        await dialog.Find(".dialog-actions button").ClickAsync();

        Assert.True(closed);
    }

    private IRenderedComponent<TokenShownDialog> Show(TokenScopes scopes)
    {
        ApiToken token = new()
        {
            Id = Ids.New(Clock.GetUtcNow()),
            ProjectId = Guid.Empty,
            Name = "Billing",
            Hash = [],
            Hint = "whc_…cdef",
            Scopes = scopes,
            CreatedAt = Clock.GetUtcNow(),
        };
        return Render<TokenShownDialog>(p =>
            p.Add(d => d.Issued, new IssuedToken(token, Text)).Add(d => d.ProjectUrl, "https://console.example/api/v1/projects/default")
        );
    }
}
