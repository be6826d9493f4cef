using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace WebhookConsole.Benchmarks.Bare;

/// <summary>
/// The measure for single events: a minimal endpoint that takes an event, signs its payload and posts it on. Nothing is stored, unless it is given a
/// <see cref="BareStore"/>. It answers first and delivers afterwards, as the application does, unless it is told to answer last. Like the
/// application, it has a number of slots for requests under way: when all are taken, the next post waits for one before it is answered.
/// </summary>
internal static class BareRelay
{
    /// <summary>The child process: <c>POST /events</c>.</summary>
    public static async Task<int> RunAsync(string port, Uri receiver, string file, int slots, bool answersFirst)
    {
        await using WebApplication app = ChildServer.Build(port);
        using SignedPost post = new(receiver);
        using BareStore? store = file.Length == 0 ? null : new BareStore(file);
        using SemaphoreSlim free = new(slots);
        app.MapPost(
            "/events",
            async context =>
            {
                byte[] payload = await ReadPayloadAsync(context.Request);
                byte[] key = BareStore.NewId();
                Guid id = new(key, bigEndian: true);
                await (store?.AddAsync([key], payload) ?? Task.CompletedTask);
                await free.WaitAsync();
                if (answersFirst)
                {
                    _ = Task.Run(() => DeliverAsync(key, payload));
                }
                else
                {
                    await DeliverAsync(key, payload);
                }

                context.Response.StatusCode = StatusCodes.Status202Accepted;
                context.Response.ContentType = "application/json";
                byte[] answer = Encoding.UTF8.GetBytes($$"""{"id":"{{id}}"}""");
                context.Response.ContentLength = answer.Length;
                await context.Response.Body.WriteAsync(answer);
            }
        );
        await app.RunAsync();
        return 0;

        async Task DeliverAsync(byte[] key, byte[] payload)
        {
            try
            {
                await post.SendAsync(new Guid(key, bigEndian: true), payload);
                await (store?.FinishAsync(key) ?? Task.CompletedTask);
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
    public static Task<ChildServer> StartAsync(HttpClient http, Uri receiver, string file, int slots, bool answersFirst) =>
        ChildServer.StartAsync(http, "relay", "", receiver.ToString(), file, slots.ToString(CultureInfo.InvariantCulture), answersFirst.ToString());

    private static async ValueTask<byte[]> ReadPayloadAsync(HttpRequest request)
    {
        using JsonDocument json = await JsonDocument.ParseAsync(request.Body);
        return JsonMarshal.GetRawUtf8Value(json.RootElement.GetProperty("payload")).ToArray();
    }
}
