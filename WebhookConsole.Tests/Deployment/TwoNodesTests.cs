using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Microsoft.Playwright;
using WebhookConsole.Tests.Browser;
using WebhookConsole.Tests.Support;
using static Microsoft.Playwright.Assertions;

namespace WebhookConsole.Tests.Deployment;

/// <summary>The two nodes of docs/cluster.md behind its nginx, one of them stopped or killed while somebody uses them.</summary>
public sealed class TwoNodesTests(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const int Posters = 4;
    private static readonly TimeSpan s_between = TimeSpan.FromMilliseconds(10);

    [NginxClusterFact]
    public async Task Events_PostedToTheFront_AreTakenByBothNodesAndDelivered()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TwoNodes cluster = await TwoNodes.StartAsync();
        using HttpClient backend = cluster.Backend();
        await AddWebhookAsync(backend, receiver);
        HashSet<string> ids = [];
        for (int i = 0; i < 20; i++)
        {
            ids.Add(await PostAsync(backend, i, keyed: i % 2 == 0));
        }

        await Eventually.TrueAsync(() => receiver.Count >= 20, () => $"{receiver.Count} requests");
        Assert.Equal(ids, receiver.Requests.Select(r => r.WebhookId).ToHashSet(StringComparer.Ordinal));
        string[] takers = [.. Posts(cluster).Select(p => p.Split('|')[0])];
        foreach (ConsoleProcess node in cluster.Nodes)
        {
            Assert.InRange(takers.Count(t => t == node.Url.Authority), 8, 12);
        }
    }

    [NginxClusterFact]
    public async Task Person_SignedInOnOneNode_IsSignedInOnTheOtherAndItsFormsAreTaken()
    {
        await using TwoNodes cluster = await TwoNodes.StartAsync();
        using FormBrowser first = new(cluster.Nodes[0].Url);
        await first.SignInAsync(TwoNodes.Email, TwoNodes.Password);
        Assert.DoesNotContain("login", first.Url.AbsolutePath, StringComparison.Ordinal);

        // Cookies do not know ports, so the other node gets them as a browser behind nginx would send them.
        using FormBrowser second = new(cluster.Nodes[1].Url);
        second.Cookies.Add(first.Cookies.GetAllCookies());
        await first.OpenAsync("/account/profile");
        await second.OpenAsync("/account/profile");
        Assert.Equal((HttpStatusCode.OK, "/account/profile"), (second.Status, second.Url.AbsolutePath));

        // A form of one node, sent to the other: its token is good there.
        AngleSharp.Dom.IElement details = first
            .Page.QuerySelectorAll("form")
            .Single(f => f.QuerySelector("input[name=_handler]")?.GetAttribute("value") == "details");
        await second.SubmitAsync(details, ("Input.DisplayName", "Ada Lovelace"));
        Assert.Equal(HttpStatusCode.OK, second.Status);
        Assert.Contains("Your name was saved.", second.Page.Body!.TextContent, StringComparison.Ordinal);
    }

    [NginxClusterFact]
    public async Task RollingRestart_UnderASteadyFlowOfPosts_RefusesNoneAndDeliversAll()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TwoNodes cluster = await TwoNodes.StartAsync();
        using HttpClient backend = cluster.Backend();
        await AddWebhookAsync(backend, receiver);
        ConcurrentDictionary<string, byte> accepted = new(StringComparer.Ordinal);
        int number = 0;
        using CancellationTokenSource done = new();
        Task[] posting = [.. Enumerable.Range(0, Posters).Select(p => Task.Run(() => PostingAsync(keyed: p % 2 == 0)))];
        foreach (ConsoleProcess node in cluster.Nodes)
        {
            await MoreAsync(50);
            Assert.Equal(0, await node.StopAsync());
            await MoreAsync(50);
            await node.StartAgainAsync();
        }

        await MoreAsync(50);
        await done.CancelAsync();
        await Task.WhenAll(posting);
        await Eventually.TrueAsync(
            () => accepted.Keys.All(receiver.Requests.Select(r => r.WebhookId).ToHashSet(StringComparer.Ordinal).Contains),
            () => $"{accepted.Count} accepted, {receiver.Requests.DistinctBy(r => r.WebhookId).Count()} received"
        );

        // A clean stop finishes what is in flight, so nothing was sent twice either.
        Assert.Equal(accepted.Count, receiver.Count);

        async Task PostingAsync(bool keyed)
        {
            while (!done.IsCancellationRequested)
            {
                accepted.TryAdd(await PostAsync(backend, Interlocked.Increment(ref number), keyed), 0);
                await Task.Delay(s_between, TimeProvider.System, CancellationToken.None);
            }
        }

        Task MoreAsync(int count)
        {
            int before = accepted.Count;
            return Eventually.TrueAsync(() => accepted.Count > before + count || Array.Exists(posting, p => p.IsFaulted), () => $"{accepted.Count} accepted");
        }
    }

    [NginxClusterFact]
    public async Task NodeUnderAnOpenPage_Killed_PageComesBackFromTheOtherNodeWithWhatWasTyped()
    {
        await using TwoNodes cluster = await TwoNodes.StartAsync();
        IPage page = await browser.NewPageAsync(cluster.Url, anyCertificate: true);
        await SignedIn.ByFormAsync(page, TwoNodes.Email, TwoNodes.Password);
        await page.GotoAsync("/p/default/verifier");
        await Expect(page.Locator("main:not([inert])")).ToBeVisibleAsync();
        await page.GetByLabel("Body").FillAsync("""{"typed":true}""");
        await page.GetByLabel("Ignore the age").CheckAsync();
        ConsoleProcess under = NodeOfPage(cluster);
        ConsoleProcess other = cluster.Nodes.Single(n => n != under);

        await under.KillAsync();
        await Expect(page.GetByText("The server was restarted")).ToBeVisibleAsync();
        await page.WaitForLoadStateAsync(LoadState.Load);
        await Expect(page.Locator("main:not([inert])")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Body")).ToHaveValueAsync("""{"typed":true}""");
        await Expect(page.GetByLabel("Ignore the age")).ToBeCheckedAsync();
        await Expect(page.GetByText("is back")).ToBeVisibleAsync();
        Assert.Same(other, NodeOfPage(cluster));

        // The console goes on working there, and the person is still signed in.
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Console" }).GetByRole(AriaRole.Link, new() { Name = "Events", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Events", Level = 1 })).ToBeVisibleAsync();
    }

    // The last page that was asked for; nginx writes the line of a WebSocket only when it ends.
    private static ConsoleProcess NodeOfPage(TwoNodes cluster)
    {
        string line = cluster.Nginx.Requests.Last(r => r.EndsWith("|GET|/p/default/verifier", StringComparison.Ordinal));
        string last = line.Split('|')[0].Split(',')[^1].Trim();
        return cluster.Nodes.Single(n => n.Url.Authority == last);
    }

    private static IEnumerable<string> Posts(TwoNodes cluster) => cluster.Nginx.Requests.Where(r => r.EndsWith("/events", StringComparison.Ordinal));

    private static async Task AddWebhookAsync(HttpClient backend, Receiver receiver)
    {
        using HttpResponseMessage created = await backend.PostAsJsonAsync("webhooks", new { name = "Behind two nodes", url = receiver.Url });
        Assert.True(created.StatusCode == HttpStatusCode.Created, await created.Content.ReadAsStringAsync());
    }

    // The id of the event.
    private static async Task<string> PostAsync(HttpClient backend, int number, bool keyed)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "events");
        request.Content = JsonContent.Create(new { type = "order.created", payload = new { number } });
        if (keyed)
        {
            request.Headers.Add("Idempotency-Key", $"order-{number}");
        }

        using HttpResponseMessage response = await backend.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, $"{(int)response.StatusCode} with key {keyed}: {text}");
        return System.Text.Json.JsonDocument.Parse(text).RootElement.Text("id")!;
    }
}
