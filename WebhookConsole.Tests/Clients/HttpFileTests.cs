using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using WebhookConsole.Tests.Browser;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Clients;

/// <summary>Every request of <c>WebhookConsole.http</c>, from top to bottom, against the built application.</summary>
public sealed class HttpFileTests : IAsyncLifetime
{
    private readonly HttpFile _file = new(Repository.ReadText("WebhookConsole.http"));
    private Receiver _receiver = null!;
    private ConsoleProcess _console = null!;

    public async Task InitializeAsync()
    {
        _receiver = await Receiver.StartAsync();
        _console = await ConsoleProcess.StartBuildAsync(new Dictionary<string, string>(StringComparer.Ordinal) { ["Setup__ApiToken"] = TestApp.Token });
    }

    public async Task DisposeAsync()
    {
        await _console.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task Requests_FromTopToBottom_AreAllTaken()
    {
        _file.Variables["host"] = _console.Url.ToString().TrimEnd('/');
        _file.Variables["token"] = TestApp.Token;
        _file.Variables["target"] = _receiver.Url;
        TaskCompletionSource recovered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using HttpClient client = NewClient();
        List<string> refused = [];
        for (int i = 0; i < _file.Count; i++)
        {
            FileRequest request = _file.Read(i);
            if (request.Title.StartsWith("Recover:", StringComparison.Ordinal))
            {
                // A recovery that is over cannot be paused.
                _receiver.Answer = _ => new Reply(200, After: recovered.Task);
            }

            ApiAnswer answer = await SendAsync(client, request);
            if (answer.Status >= HttpStatusCode.BadRequest)
            {
                refused.Add($"{request.Title}: {answer.Status} {answer.Text}");
            }

            if (request.Title.StartsWith("Cancel", StringComparison.Ordinal))
            {
                recovered.SetResult();
            }

            foreach ((string path, string variable) in request.Copies)
            {
                Assert.True(_file.Variables.ContainsKey(variable), variable);
                _file.Variables[variable] = path.Split('.').Aggregate(answer.Json, Step).ToString();
            }
        }

        Assert.True(refused.Count == 0, string.Join('\n', refused));
        Assert.True(_file.Count > 40 && recovered.Task.IsCompleted && _receiver.Count > 10, $"{_file.Count} requests, {_receiver.Count} received");
    }

    private HttpClient NewClient() => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = _console.Url };

    private async Task<ApiAnswer> SendAsync(HttpClient client, FileRequest request)
    {
        using HttpRequestMessage message = new(request.Method, request.Address);
        message.Content = request.Body is null ? null : new StringContent(request.Body, Encoding.UTF8);
        foreach ((string name, string value) in request.Headers)
        {
            if (name == "Content-Type")
            {
                message.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(value);
            }
            else
            {
                message.Headers.Add(name, value);
            }
        }

        using HttpResponseMessage response = await client.SendAsync(message);
        ApiAnswer answer = new(
            response.StatusCode,
            await response.Content.ReadAsStringAsync(),
            response.Headers,
            response.Content.Headers.ContentType?.MediaType
        );
        await new DocumentedAnswers(NewClient).CheckAsync(request.Method, message.RequestUri!.PathAndQuery, answer);
        return answer;
    }

    // This matches one step of a path such as items[0].id.
    private static JsonElement Step(JsonElement from, string step) =>
        step.Split('[') is [string name, string index] ? from.GetProperty(name)[int.Parse(index.TrimEnd(']'))] : from.GetProperty(step);
}
