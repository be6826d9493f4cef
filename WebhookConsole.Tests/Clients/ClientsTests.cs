using WebhookConsole.Tests.Browser;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Clients;

/// <summary>
/// The clients of <c>docs/clients.md</c>, as printed, against the published file where <c>WEBHOOKCONSOLE_SINGLE_FILE</c> names it and against the build
/// elsewhere.
/// </summary>
public sealed class ClientsTests
{
    [CurlFact]
    public Task Curl_Client_DoesWhatItSays() => CheckAsync("curl", RequiredTool.Curl);

    [Fact]
    public Task CSharp_Client_DoesWhatItSays() => CheckAsync("C#", null);

    [NodeFact]
    public Task Node_Client_DoesWhatItSays() => CheckAsync("Node.js", RequiredTool.Node);

    [PythonFact]
    public Task Python_Client_DoesWhatItSays() => CheckAsync("Python", RequiredTool.Python);

    [GoFact]
    public Task Go_Client_DoesWhatItSays() => CheckAsync("Go", RequiredTool.Go);

    private static async Task CheckAsync(string language, RequiredTool? tool)
    {
        tool?.Demand();
        await using Receiver receiver = await Receiver.StartAsync();
        receiver.Answer = request => request.Number == 1 ? 503 : 200;
        await using ConsoleProcess console = await StartAsync();
        using ClientProgram client = await ClientProgram.CreateAsync(language);
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["WEBHOOKCONSOLE_URL"] = console.Url.AbsoluteUri.TrimEnd('/'),
            ["WEBHOOKCONSOLE_TOKEN"] = TestApp.Token,
            ["RECEIVER_URL"] = receiver.Url,
        };
        CommandResult run = await client.RunAsync(settings);
        Assert.True(run.Code == 0, run.Output + run.Errors);
        string[] lines = run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        Assert.Equal(["secret", "posted", "failed", "replay"], lines.Select(l => l.Split(' ')[0]));
        Assert.Equal("replay 200", lines[3]);

        ReceivedRequest received = receiver.Requests[^1];
        settings["WEBHOOK_ID"] = received.WebhookId;
        settings["WEBHOOK_TIMESTAMP"] = received.Header("webhook-timestamp");
        settings["WEBHOOK_SIGNATURE"] = received.Header("webhook-signature");
        settings["WEBHOOK_SECRET"] = lines[0].Split(' ')[1];
        Assert.Equal((0, "valid"), Verdict(await client.RunAsync(settings, "verify", received.Text)));
        Assert.Equal((1, "invalid"), Verdict(await client.RunAsync(settings, "verify", received.Text + " ")));
    }

    private static (int Code, string Word) Verdict(CommandResult run) => (run.Code, run.Output.Trim());

    private static Task<ConsoleProcess> StartAsync()
    {
        string folder = Directory.CreateTempSubdirectory("webhookconsole-clients-").FullName;
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Storage__Directory"] = Path.Combine(folder, "data"),
            ["Setup__ApiToken"] = TestApp.Token,
            ["Delivery__AllowHttp"] = "true",
            ["Delivery__AllowedNetworks__0"] = "127.0.0.0/8",
        };
        return ConsoleProcess.StartAsync(BuiltConsole.Program, BuiltConsole.Prefix, folder, settings);
    }
}
