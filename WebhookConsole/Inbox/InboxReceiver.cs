using System.Buffers;
using System.IO.Pipelines;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Domain;
using WebhookConsole.Edge;

namespace WebhookConsole.Inbox;

/// <summary>Answers <c>/inbox/{token}</c>: keeps the request, checks its signature and answers as configured (specification §9).</summary>
internal sealed partial class InboxReceiver(
    InboxStore store,
    InboxVerification verification,
    IOptions<InboxOptions> options,
    TimeProvider clock,
    ILogger<InboxReceiver> log
) : IDisposable
{
    public const int MaxBodyBytes = 256 * 1024;
    private const int RequestsPerSecond = 200;

    // Limited per inbox and not per address, so that made-up tokens cannot create endless partitions.
    private readonly PartitionedRateLimiter<Guid> _limiter = PartitionedRateLimiter.Create<Guid, Guid>(inbox =>
        RateLimitPartition.GetTokenBucketLimiter(
            inbox,
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = RequestsPerSecond,
                TokensPerPeriod = RequestsPerSecond,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
            }
        )
    );

    public async Task ReceiveAsync(HttpContext context, string token)
    {
        try
        {
            InboxEndpoint? inbox = options.Value.Enabled ? await store.FindAsync(token, context.RequestAborted) : null;
            if (inbox is null)
            {
                await AnswerMissingAsync(context);
                return;
            }

            using RateLimitLease lease = _limiter.AttemptAcquire(inbox.Id);
            if (!lease.IsAcquired)
            {
                context.Response.Headers.RetryAfter = "1";
                await AnswerAsync(context, StatusCodes.Status429TooManyRequests, $"An inbox accepts {RequestsPerSecond} requests per second.");
                return;
            }

            await ReceiveAsync(context, inbox);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The sender hung up, which is what a delay is meant to provoke.
        }
        catch (Exception exception) when (RequestFaults.StatusOf(exception) is { } status)
        {
            await AnswerAsync(context, status, "The request breaks the rules of HTTP.");
        }
        catch (Exception exception) when (exception is not OutOfMemoryException && !context.Response.HasStarted)
        {
            // The inbox's configured status would be wrong: the request was not kept, and the sender must be able to tell.
            NotKept(log, exception);
            context.Response.Headers.RetryAfter = "5";
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, "The inbox cannot keep requests right now. Try again.");
        }
    }

    public void Dispose() => _limiter.Dispose();

    private async Task ReceiveAsync(HttpContext context, InboxEndpoint inbox)
    {
        List<HeaderField> headers = InboxHeaders.Of(context.Request.Headers);
        byte[]? body = await ReadBodyAsync(context);
        (bool? valid, string sentence) = body is null
            ? (null, $"The body is larger than {MaxBodyBytes / 1024} KiB. It was refused and is not kept.")
            : await verification.CheckAsync(inbox, headers, body);
        DateTimeOffset now = clock.GetUtcNow();
        InboxRequest request = new()
        {
            Id = Ids.New(now),
            InboxId = inbox.Id,
            ReceivedAt = now,
            Method = context.Request.Method,
            Headers = InboxHeaders.Write(headers),
            Body = body ?? [],
            SignatureValid = valid,
            Verification = sentence,
        };

        // The request is kept before the wait: it shows up as it arrives, and stays even if the sender does not wait for the answer.
        int? refusal = body is null ? StatusCodes.Status413PayloadTooLarge : null;
        if (await store.AddAsync(inbox, request, refusal) is not { } answer)
        {
            await AnswerMissingAsync(context);
            return;
        }

        if (refusal is not null)
        {
            await AnswerAsync(context, answer.Status, sentence);
            return;
        }

        await Task.Delay(TimeSpan.FromMilliseconds(answer.DelayMs), clock, context.RequestAborted);
        await AnswerAsync(
            context,
            answer.Status,
            answer.Status < 400 ? "Received by the inbox." : $"Received by the inbox, which was told to answer {answer.Status}."
        );
    }

    private static Task AnswerMissingAsync(HttpContext context) => AnswerAsync(context, StatusCodes.Status404NotFound, "There is no inbox at this address.");

    /// <returns>Null when it is too large. The server reads the rest for a while, so that the sender gets the answer.</returns>
    private static async Task<byte[]?> ReadBodyAsync(HttpContext context)
    {
        if (context.Request.ContentLength > MaxBodyBytes)
        {
            return null;
        }

        PipeReader reader = context.Request.BodyReader;
        while (true)
        {
            ReadResult result = await reader.ReadAsync(context.RequestAborted);
            if (result.Buffer.Length > MaxBodyBytes)
            {
                reader.AdvanceTo(result.Buffer.End);
                return null;
            }

            if (result.IsCompleted)
            {
                byte[] body = result.Buffer.ToArray();
                reader.AdvanceTo(result.Buffer.End);
                return body;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private static Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        if (status is StatusCodes.Status204NoContent or StatusCodes.Status205ResetContent or StatusCodes.Status304NotModified)
        {
            return Task.CompletedTask;
        }

        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }

    [LoggerMessage(LogLevel.Error, "An inbox could not keep a request")]
    private static partial void NotKept(ILogger logger, Exception exception);
}
