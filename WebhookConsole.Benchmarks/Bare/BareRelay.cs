using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace WebhookConsole.Benchmarks.Bare;

/// <summary>
/// The measure for single events: a minimal endpoint that takes an event, signs its payload and posts it on; nothing is stored. It answers
/// first and delivers afterwards, as the application does, unless it is told to answer last. Like the application, it has a number of slots for
/// requests under way: when all are taken, the next post waits for one before it is answered.
/// </summary>
internal static class BareRelay
{
    /// <summary>The child process: <c>POST /events</c>.</summary>
    public static async Task<int> RunAsync(string port, Uri receiver, int slots, bool answersFirst)
    {
        await using WebApplication app = ChildServer.Build(port);
        using SignedPost post = new(receiver);
        using SemaphoreSlim free = new(slots);
        app.MapPost(
            "/events",
            async context =>
            {
                byte[] payload = await ReadPayloadAsync(context.Request);
                Guid id = Guid.CreateVersion7();
                await free.WaitAsync();
                if (answersFirst)
                {
                    _ = Task.Run(() => DeliverAsync(id, payload));
                }
                else
                {
                    await DeliverAsync(id, payload);
                }

                context.Response.StatusCode = StatusCodes.Status202Accepted;
                context.Response.ContentType = "application/json";
                await context.Response.WriteAsync($$"""{"id":"{{id}}"}""");
            }
        );
        await app.RunAsync();
        return 0;

        async Task DeliverAsync(Guid id, byte[] payload)
        {
            try
            {
                await post.SendAsync(id, payload);
            }
            catch (HttpRequestException e)
            {
                // The run then misses a delivery, and fails.
                await Console.Error.WriteLineAsync(e.Message);
            }
            finally
            {
                free.Release();
            }
        }
    }

    /// <summary>Starts the child process and waits until it answers.</summary>
    public static Task<ChildServer> StartAsync(HttpClient http, Uri receiver, int slots, bool answersFirst) =>
        ChildServer.StartAsync(http, "relay", "", receiver.ToString(), slots.ToString(CultureInfo.InvariantCulture), answersFirst.ToString());

    private static async ValueTask<byte[]> ReadPayloadAsync(HttpRequest request)
    {
        using JsonDocument json = await JsonDocument.ParseAsync(request.Body);
        return JsonMarshal.GetRawUtf8Value(json.RootElement.GetProperty("payload")).ToArray();
    }
}
