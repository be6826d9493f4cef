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
}
