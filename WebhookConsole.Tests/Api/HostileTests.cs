using System.Net;
using System.Text.Json;
using WebhookConsole.Benchmarks.Hostile;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Api;

/// <summary>A short form of the benchmarks' run <c>hostile</c>: whatever is sent, no answer is a 500, late, HTML for a program, or gives anything away.</summary>
public sealed class HostileTests
{
    private const string Secret = "whsec_aG9zdGlsZS1ydW4tc2VjcmV0LW5vYm9keS1zZWVz";

    [Fact]
    public async Task Requests_OfEveryKind_AreAnsweredInOrder()
    {
        await using TestApp app = await TestApp.StartAsync();
        JsonElement webhook = await app.CreateWebhookAsync(
            "http://127.0.0.1:9/",
            more: new { secret = Secret, headers = new Dictionary<string, string> { ["Authorization"] = "hostile-run-credential" } }
        );
        Guid posted = await app.PostEventAsync();
        JsonElement document = (await app.GetAsync("/openapi/v1.json")).Expect(HttpStatusCode.OK).Json;
        HostileTargets targets = new(document, HostileWalk.Pages, TestApp.Token, [webhook.Id().ToString(), posted.ToString(), "order.created"]);
        HostileResult result = await HostileWalk.RunAsync(
            app.Address,
            targets,
            new HostileVerdict([TestApp.Token, Secret, "hostile-run-credential"]),
            count: 600,
            seed: 7
        );
        Assert.True(result.Problems.Count == 0, string.Join('\n', result.Problems));

        Assert.False(result.IsHollow, string.Join(' ', result.Statuses));
        Assert.Empty(app.Log.Errors);
    }

    [Theory]
    [InlineData("HTTP/1.1 500 Internal Server Error\r\n\r\n", "is 500")]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Type: text/html\r\n\r\n", "is HTML for a program")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\nSystem.FormatException: x\n   at A.B()", "holds")]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nthe-secret", "holds a secret")]
    [InlineData("HTTP/1.1 400 Bad Request\r\nContent-Type: application/problem+json\r\n\r\n{}", null)]
    [InlineData("", null)]
    public void Verdict_OfAnAnswer_IsAsWritten(string answer, string? expected)
    {
        string? problem = new HostileVerdict(["the-secret"]).ProblemOf(
            new HostileRequest("GET /", [], IsApi: true),
            new HostileAnswer(System.Text.Encoding.ASCII.GetBytes(answer), TimeSpan.Zero, Ended: true)
        );
        Assert.Equal(expected is null, problem is null);
        Assert.StartsWith(expected ?? "", problem ?? "", StringComparison.Ordinal);
    }
}
