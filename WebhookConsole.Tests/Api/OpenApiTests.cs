using System.Diagnostics;
using System.Net;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using WebhookConsole.Api.Bodies;
using WebhookConsole.Api.Contracts;
using WebhookConsole.Tests.Receivers;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Api;

/// <summary>The description of the API: complete by its own structure, by somebody else's linter, and beside the file of calls.</summary>
[Collection(ApiFixture.Collection)]
public sealed partial class OpenApiTests(ApiFixture fixture) : ApiTestBase(fixture)
{
    // What other programs are to make of a call; the linter knows the rest.
    private static readonly string[] s_statuses = ["400", "401", "403", "404", "429", "503"];

    private async Task<JsonElement> DocumentAsync()
    {
        using HttpClient anybody = App.NewClient(null);
        return (await App.SendAsync(HttpMethod.Get, "/openapi/v1.json", client: anybody)).Expect(HttpStatusCode.OK).Json;
    }

    private static IEnumerable<(string Call, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from method in path.Value.EnumerateObject()
        select ($"{method.Name.ToUpperInvariant()} {path.Name}", method.Value);

    [Fact]
    public async Task Document_EveryCall_IsDescribedWithExamples()
    {
        JsonElement document = await DocumentAsync();
        Assert.StartsWith("3.1", document.Text("openapi"), StringComparison.Ordinal);
        List<string> wrong = [];
        foreach ((string call, JsonElement operation) in Operations(document))
        {
            wrong.AddRange(new[] { "operationId", "summary", "tags" }.Where(n => !operation.TryGetProperty(n, out _)).Select(n => $"{call}: no {n}"));
            wrong.AddRange(s_statuses.Where(s => !operation.GetProperty("responses").TryGetProperty(s, out _)).Select(s => $"{call}: no {s}"));
            JsonElement[] parameters = operation.TryGetProperty("parameters", out JsonElement all) ? [.. all.EnumerateArray()] : [];
            wrong.AddRange(parameters.Where(p => !p.TryGetProperty("example", out _)).Select(p => $"{call}: no example of {p.Text("name")}"));
            string[] declared = [.. parameters.Where(p => p.Text("in") == "path").Select(p => p.Text("name")!)];
            wrong.AddRange(InPath().Matches(call).Select(m => m.Groups["name"].Value).Except(declared).Select(n => $"{call}: {n} is not declared"));
            IEnumerable<JsonElement> contents = operation.GetProperty("responses").EnumerateObject().Select(r => r.Value);
            contents = operation.TryGetProperty("requestBody", out JsonElement body) ? contents.Append(body) : contents;
            wrong.AddRange(
                contents
                    .Where(c =>
                        c.TryGetProperty("content", out JsonElement media) && media.EnumerateObject().Any(m => !m.Value.TryGetProperty("example", out _))
                    )
                    .Select(_ => $"{call}: a content without an example")
            );
        }

        Assert.Empty(wrong);
    }

    [NodeFact]
    public async Task Document_ForeignLinter_FindsNothing()
    {
        RequiredTool.Node.Demand();
        string folder = await NodeModules.InstalledAsync(Path.Combine(AppContext.BaseDirectory, "Receivers", "node"));
        string file = Path.Combine(folder, "openapi.json");
        await File.WriteAllTextAsync(file, (await DocumentAsync()).GetRawText());
        ProcessStartInfo start = new("node", ["node_modules/@redocly/cli/bin/cli.js", "lint", file, "--format=json"])
        {
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["REDOCLY_TELEMETRY"] = "off";
        start.Environment["REDOCLY_SUPPRESS_UPDATE_NOTICE"] = "true";
        using Process linter = Process.Start(start)!;
        Task<string> told = linter.StandardError.ReadToEndAsync();
        string output = await linter.StandardOutput.ReadToEndAsync();
        await linter.WaitForExitAsync();
        Assert.True(output.StartsWith('{'), output + await told);
        JsonElement totals = JsonDocument.Parse(output).RootElement.GetProperty("totals");
        Assert.True((0, 0) == (totals.GetProperty("errors").GetInt32(), totals.GetProperty("warnings").GetInt32()), output);
    }

    [Fact]
    public async Task Examples_OfBodies_AreTaken()
    {
        Type[] contracts =
        [
            .. typeof(BodyReader)
                .Assembly.GetTypes()
                .Where(t => t.Namespace == typeof(WebhookContract).Namespace && t is { IsAbstract: false, IsGenericType: false })
                .Where(t =>
                    t.Name
                        is "PostEventContract"
                            or "CreateWebhookContract"
                            or "UpdateWebhookContract"
                            or "CreateEventTypeContract"
                            or "UpdateEventTypeContract"
                            or "RotateContract"
                            or "TestContract"
                            or "HeldContract"
                            or "NoveeContract"
                            or "CreateRecoveryContract"
                ),
        ];
        Assert.Equal(10, contracts.Length);
        foreach (Type contract in contracts)
        {
            byte[] json = Encoding.UTF8.GetBytes(Examples.Of(contract).ToJsonString());
            Assert.NotNull(
                typeof(OpenApiTests).GetMethod(nameof(Read), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(contract).Invoke(null, [json])
            );
        }

        JsonElement document = await DocumentAsync();
        Assert.Equal(11, Operations(document).Count(o => o.Operation.TryGetProperty("requestBody", out _)));
    }

    [Fact]
    public async Task FileOfCalls_HasEveryCall()
    {
        string[] calls =
        [
            .. Call()
                .Matches(Repository.ReadText("WebhookConsole.http"))
                .Select(m =>
                    m.Value.Replace("{{api}}", "/api/v1/projects/{}", StringComparison.Ordinal).Replace("{{host}}", "", StringComparison.Ordinal).TrimEnd()
                )
                .Select(c => InFile().Replace(c, "{}")),
        ];
        string[] described = [.. Operations(await DocumentAsync()).Select(o => InPath().Replace(o.Call, "{}").TrimEnd('/'))];
        Assert.Empty(described.Except(calls));
        Assert.Empty(calls.Where(c => c.Contains("/api/", StringComparison.Ordinal) || c.Contains(" /webhooks", StringComparison.Ordinal)).Except(described));
    }

    private static object Read<T>(byte[] json)
        where T : class => ContractReader.Read<T>(json);

    [GeneratedRegex(@"\{(?<name>\w+)\}", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex InPath();

    [GeneratedRegex(@"\{\{\w+\}\}", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex InFile();

    [GeneratedRegex(@"^(GET|POST|PATCH|DELETE) [^\s?]+", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Call();
}
