using System.Net;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Api;

/// <summary>What holds for every answer, whichever route or error it comes from.</summary>
public sealed class HttpEdgeTests
{
    [Fact]
    public async Task Error_OfAPathInCapitals_IsAProblemToo()
    {
        await using TestApp app = await TestApp.StartAsync();
        (await app.PostAsync("/API/V1/projects/default/events", "{")).ExpectProblem(HttpStatusCode.BadRequest, "malformed_json");
        (await app.PostAsync("/Webhooks/Register", "{")).ExpectProblem(HttpStatusCode.BadRequest, "malformed_json");
    }

    [Fact]
    public async Task UnknownPath_OfABrowser_ShowsTheNotFoundPage()
    {
        await using TestApp app = await TestApp.StartAsync();
        using HttpClient browser = app.NewClient(null);
        ApiAnswer answer = (await app.SendAsync(HttpMethod.Get, "/nothing/here", client: browser)).Expect(HttpStatusCode.NotFound);
        Assert.Equal("text/html", answer.MediaType);
        Assert.Contains("blazor.web.js", answer.Text, StringComparison.Ordinal);
        (await app.SendAsync(HttpMethod.Post, "/nothing/here", "x", browser)).Expect(HttpStatusCode.MethodNotAllowed);
    }

    [Fact]
    public async Task SignIn_TooManyTriesFromOneAddress_Is429WithRetryAfter()
    {
        await using TestApp app = await TestApp.StartAsync();
        using HttpClient browser = app.NewClient(null);
        HttpStatusCode status = default;
        for (int i = 0; i < 21; i++)
        {
            using FormUrlEncodedContent form = new([]);
            using HttpResponseMessage answer = await browser.PostAsync(new Uri("/account/login", UriKind.Relative), form);
            status = answer.StatusCode;
            Assert.Equal(status == HttpStatusCode.TooManyRequests, answer.Headers.RetryAfter is not null);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, status);
    }
}
