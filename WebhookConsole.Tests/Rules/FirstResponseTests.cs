using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Routing;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Tests.Support;
using WebhookConsole.Ui;

namespace WebhookConsole.Tests.Rules;

/// <summary>What the first response to a request for a page holds, before any script has run (specification §11): the frame, and none of the data.</summary>
public sealed class FirstResponseTests(RuleWalk walk) : IClassFixture<RuleWalk>
{
    [Fact]
    public async Task FirstResponse_OfEveryPage_HasNavigationHeadingAndTitle()
    {
        using FormBrowser client = await walk.SignedInAsync(Role.Owner, member: true);
        List<string> wrong = [];
        foreach (string address in Addresses())
        {
            IHtmlDocument page = await GetAsync(client, address);
            string? heading = page.QuerySelector("main h1")?.TextContent;
            bool complete =
                page.QuerySelectorAll("nav .nav-link").Length >= 7
                && page.QuerySelector("[aria-label^='Project Default']") is not null
                && !string.IsNullOrWhiteSpace(heading)
                && page.Title == $"{heading} · WebhookConsole";
            if (!complete)
            {
                wrong.Add($"{address}: “{heading}”, title “{page.Title}”");
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public async Task FirstResponse_OfEveryPage_HoldsNoDataAndTakesNoInput()
    {
        using FormBrowser client = await walk.SignedInAsync(Role.Owner, member: true);
        foreach (string address in Addresses())
        {
            IHtmlDocument page = await GetAsync(client, address);
            Assert.DoesNotContain("http://127.0.0.1:9/", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
            IElement main = page.QuerySelector("main")!;

            // The name of what the address names may be the heading.
            main.QuerySelector("h1")?.Remove();
            Assert.DoesNotContain("order.created", main.TextContent, StringComparison.Ordinal);
            Assert.True(main.HasAttribute("inert"), address);
        }
    }

    [Fact]
    public async Task FirstResponse_OfAWebhook_HasItsNameAsTheHeading()
    {
        using FormBrowser client = await walk.SignedInAsync(Role.Viewer, member: true);
        IHtmlDocument page = await GetAsync(client, ConsoleUrls.Webhook("default", walk.Own["webhookId"], WebhookTabs.Signing));
        Assert.Equal("theirs", page.QuerySelector("main h1")?.TextContent);
        Assert.Equal("Signing", page.QuerySelector(".tabs [aria-current=page]")?.TextContent);
    }

    [Fact]
    public async Task FirstResponse_RoleTooLow_RefusesInWordsAndOffersNothing()
    {
        using FormBrowser client = await walk.SignedInAsync(Role.Viewer, member: true);
        IHtmlDocument page = await GetAsync(client, ConsoleUrls.Members("default"));
        Assert.Equal("You have no access to this page", page.QuerySelector("main h1")?.TextContent);
        Assert.DoesNotContain(page.QuerySelectorAll(".nav-link"), link => link.TextContent is "Members" or "API tokens" or "Installation");
    }

    [Fact]
    public async Task FirstResponse_ProjectOfOthers_SaysThatItDoesNotExist()
    {
        using FormBrowser client = await walk.SignedInAsync(Role.Admin, member: false);
        foreach (string address in new[] { ConsoleUrls.Events("default"), ConsoleUrls.Webhook("default", walk.Own["webhookId"]) })
        {
            IHtmlDocument page = await GetAsync(client, address);
            Assert.Equal("There is nothing at this address", page.QuerySelector("main h1")?.TextContent);
            Assert.DoesNotContain("theirs", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
            Assert.DoesNotContain(page.QuerySelectorAll(".nav-link"), link => link.GetAttribute("href")!.StartsWith("/p/default", StringComparison.Ordinal));
        }
    }

    // These pages ask for a permission; the others say whom to ask, or belong to the account. Pages without a circuit are complete.
    private IEnumerable<string> Addresses() =>
        walk
            .Routes.Where(r => r.Metadata.GetMetadata<ComponentTypeMetadata>() is not null && r.Metadata.GetMetadata<RequiresAttribute>() is not null)
            .Select(r => RuleWalk.AddressOf(r, walk.Own))
            .Where(address => !ConsoleUrls.IsStaticallyRendered(address));

    private static async Task<IHtmlDocument> GetAsync(FormBrowser client, string address)
    {
        using HttpResponseMessage answer = await client.Client.GetAsync(address);
        return new HtmlParser().ParseDocument(await answer.Content.ReadAsStringAsync());
    }
}
