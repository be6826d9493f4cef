using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;
using WebhookConsole.Cluster;
using WebhookConsole.Configuration;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Heads;
using WebhookConsole.Signing;
using WebhookConsole.Targets;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Deliveries.Attempts;

/// <summary>
/// Makes one signed POST through the outbound guard and reports what happened. Never throws because of what the network or receiver
/// does. Redirects, cookies, proxies and decompression are off; at most 1 KB of the body and 4 KB of headers are kept.
/// </summary>
public sealed class WebhookSender : IDisposable
{
    public const int MaxKeptBody = 1024;
    public const int MaxKeptHeaders = 4096;

    /// <summary>The User-Agent of every request.</summary>
    public static string UserAgent { get; } =
        "WebhookConsole/" + typeof(WebhookSender).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    internal const string ContentTypeHeader = "Content-Type";
    internal const string UserAgentHeader = "User-Agent";
    internal const string RequestIdHeader = "X-Request-Id";
    internal const string EventTypeHeader = "X-Webhook-Event";

    private static readonly HttpRequestOptionsKey<Exchange> s_exchange = new("exchange");
    private static readonly MemoryCacheEntryOptions s_forADay = new() { SlidingExpiration = TimeSpan.FromDays(1) };

    // A change in a project makes new target objects, and with them the heads of their requests, which come out the same. What responses have
    // in common has to be learned, so it stays with the webhook until it has had no response for a day: nothing stays of one that was deleted.
    private readonly ConditionalWeakTable<DeliveryTarget, RequestHeads> _requests = [];
    private readonly MemoryCache _responses = new(new MemoryCacheOptions());
    private readonly HttpMessageInvoker _http;
    private readonly TargetGuard _guard;
    private readonly TimeProvider _clock;
    private readonly TimeSpan _timeout;
    private readonly bool _allowHttp;

    // Pooled connections do not tell their address; the last one that a connection to the host used is kept instead.
    private readonly ConcurrentDictionary<(string Host, int Port), string> _addresses = new();

    public WebhookSender(TargetGuard guard, TimeProvider clock, IOptions<DeliveryOptions> options)
        : this(guard, clock, options, trust: null) { }

    /// <param name="guard">Every connection goes through it.</param>
    /// <param name="clock">Stamps the attempts.</param>
    /// <param name="options">The time limit, and whether http is allowed.</param>
    /// <param name="trust">The authorities that certificates are checked against; null for those of the system. Tests pass their own.</param>
    internal WebhookSender(TargetGuard guard, TimeProvider clock, IOptions<DeliveryOptions> options, X509ChainPolicy? trust)
    {
        _guard = guard;
        _clock = clock;
        _timeout = TimeSpan.FromSeconds(options.Value.TimeoutSeconds);
        _allowHttp = options.Value.AllowHttp;
        _http = new HttpMessageInvoker(TargetHttp.CreateHandler(ConnectAsync, OnConnected, TargetTls.OptionsFor(trust)));
    }

    /// <summary>One exchange, at most ten seconds long. A shutdown does not end it early; the end of the lease does.</summary>
    public async Task<AttemptOutcome> SendAsync(DeliveryTarget target, Guid eventId, string eventType, byte[] payload, NodeLease? lease = null)
    {
        lease ??= NodeLease.Endless;
        DateTimeOffset startedAt = _clock.GetUtcNow();
        long ticks = _clock.GetTimestamp();
        Exchange exchange = new(Ids.New(startedAt));
        RequestHeads heads = _requests.GetValue(target, static t => new RequestHeads(t));
        AttemptFailure? answer = null;
        AttemptFailure? fault = null;

        // The platform's timer, not the injected clock: this limit is about real sockets.
        using CancellationTokenSource limit = LimitOf(lease);
        bool abandoned = false;
        try
        {
            // Signing is part of the attempt: a failure here counts as one and is not retried at once.
            Check(target, payload);
            IReadOnlyList<SigningSecret> secrets = target.SigningSecrets(startedAt);
            List<HeaderField> headers = HeadersOf(target, exchange.RequestId, eventType);
            heads.Format.Sign(eventId, startedAt, payload, secrets, target.SignatureHeader, headers);
            exchange.Request = heads.Keep(secrets, headers, new HeadFacts(exchange.RequestId, eventId, eventType, startedAt));
            headers.AddRange(target.Headers);

            using HttpRequestMessage request = Build(target.Url, headers, payload, exchange, lease);
            exchange.Phase = ExchangePhase.WaitingForResponse;
            using HttpResponseMessage response = await _http.SendAsync(request, limit.Token);
            exchange.Phase = ExchangePhase.ReadingBody;
            exchange.StatusCode = (int)response.StatusCode;
            answer = OutcomeClassifier.OfAnswer((int)response.StatusCode, LocationOf(response));
            exchange.RetryAfter = RetryAfterOf(response);
            exchange.Response = KeepHead(ResponseText.Write(response), target, startedAt);
            if (response.Content.Headers.ContentLength != 0)
            {
                await using Stream body = await response.Content.ReadAsStreamAsync(limit.Token);
                await exchange.ReadBodyAsync(body, MaxKeptBody, limit.Token);
            }
        }
        catch (Exception) when (answer is null && !lease.IsHeld)
        {
            abandoned = true;
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            fault = OutcomeClassifier.OfTimeout(exchange.Phase, _timeout);
        }
        // Whatever a receiver provokes is an outcome of this attempt, never the end of the lane.
        catch (Exception exception)
        {
            fault = OutcomeClassifier.OfException(exception, exchange.Phase);
        }

        if (fault?.Kind is FailureKind.NotHttp or FailureKind.HeadersTooLarge && exchange.ReadStatus() is { } head)
        {
            exchange.Response = KeepHead(head, target, startedAt);
            fault = fault.Kind == FailureKind.NotHttp ? new(FailureKind.InvalidHttp, fault.Detail) : fault;
        }

        // A status that says "failed" keeps its kind when the body behind it stalls or is cut off; a body that HTTP does not allow is a bad
        // response whatever its status.
        AttemptFailure? failure = fault?.Kind == FailureKind.BadBody ? fault : answer ?? fault;

        // The receiver may have echoed what it got.
        byte[]? kept = exchange.ResponseBody;
        target.HeaderMask.Conceal(kept);
        return new AttemptOutcome
        {
            IsAbandoned = abandoned,
            RequestId = exchange.RequestId,
            StartedAt = startedAt,

            // The monotonic clock is used, because a step of the wall clock must not make durations negative.
            CompletedAt = startedAt + _clock.GetElapsedTime(ticks),
            Url = target.Url.AbsoluteUri,
            RemoteAddress = exchange.NeverConnected ? null : _addresses.GetValueOrDefault((target.Url.IdnHost, target.Url.Port)),
            Failure = failure is null ? null : new(failure.Kind, target.HeaderMask.Conceal(failure.Detail)),
            StatusCode = exchange.StatusCode,
            Event = (eventId, eventType),
            Request = exchange.Request?.Head ?? KeptHead.Whole(new RequestText(target.Url.AbsoluteUri, "", "").ToBytes()),
            Response = exchange.Response,
            ResponseBody = kept,
            RetryAfter = exchange.RetryAfter,
            SignedWith = exchange.Request?.Fingerprints ?? [],
            Fingerprints = exchange.Request?.SignedWith ?? "",
            CertificateExpiresAt = exchange.CertificateExpiresAt,
        };
    }

    public void Dispose()
    {
        _http.Dispose();
        _responses.Dispose();
    }

    private CancellationTokenSource LimitOf(NodeLease lease)
    {
        if (!lease.Lost.CanBeCanceled)
        {
            return new CancellationTokenSource(_timeout);
        }

        CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(lease.Lost);
        limit.CancelAfter(_timeout);
        return limit;
    }

    // The row may have been changed by hand or damaged: nothing but what is stored may be sent.
    private void Check(DeliveryTarget target, byte[] payload)
    {
        // The webhook may be older than the setting.
        if (target.Url.Scheme != Uri.UriSchemeHttps && !_allowHttp)
        {
            throw new UnsendableException(FailureKind.BlockedHttp, "The URL is not https, and Delivery:AllowHttp is off.");
        }

        if (payload.Length == 0)
        {
            throw new UnsendableException(FailureKind.PayloadUnreadable, "The stored payload is empty, which no JSON value is.");
        }

        foreach (HeaderField header in target.Headers)
        {
            if (!HeaderRules.CanBeSent(header))
            {
                throw new UnsendableException(FailureKind.HeaderUnsendable, $"The extra header '{header.Name}' has a name or value that HTTP does not allow.");
            }
        }
    }

    private static List<HeaderField> HeadersOf(DeliveryTarget target, Guid requestId, string eventType) =>
        new(8 + target.Headers.Count)
        {
            new(ContentTypeHeader, "application/json"),
            new(UserAgentHeader, UserAgent),
            new(RequestIdHeader, requestId.ToString()),
            new(EventTypeHeader, eventType),
        };

    private static HttpRequestMessage Build(Uri url, List<HeaderField> headers, byte[] payload, Exchange exchange, NodeLease lease)
    {
        HttpRequestMessage request = new(HttpMethod.Post, url) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionOrLower };
        request.Content = new SingleUseContent(request, exchange, payload, lease);
        request.Options.Set(s_exchange, exchange);
        foreach (HeaderField header in headers)
        {
            if (!request.Headers.TryAddWithoutValidation(header.Name, header.Value))
            {
                request.Content.Headers.TryAddWithoutValidation(header.Name, header.Value);
            }
        }

        return request;
    }

    // The receiver may have echoed what it got.
    private KeptHead KeepHead(Span<byte> head, DeliveryTarget target, DateTimeOffset startedAt)
    {
        target.HeaderMask.Conceal(head);
        return _responses.GetOrCreate(target.Id, static _ => new ResponseHeads(), s_forADay)!.Keep(head, startedAt);
    }

    private static string? LocationOf(HttpResponseMessage response) =>
        (int)response.StatusCode is >= 300 and < 400 && response.Headers.NonValidated.TryGetValues("Location", out HeaderStringValues values)
            ? values.ToString()
            : null;

    private TimeSpan? RetryAfterOf(HttpResponseMessage response)
    {
        if (response.Headers.RetryAfter is { } parsed)
        {
            return parsed.Delta ?? (parsed.Date is { } date ? date - _clock.GetUtcNow() : null);
        }

        // Seconds beyond an int are no valid delta for the parser, yet their meaning is clear.
        return
            response.Headers.NonValidated.TryGetValues("Retry-After", out HeaderStringValues values)
            && values.ToString().Trim() is { Length: > 0 } digits
            && digits.All(char.IsAsciiDigit)
            && double.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out double seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, RetryPlanner.MaxRetryAfter.TotalSeconds))
            : null;
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        context.InitialRequestMessage.Options.TryGetValue(s_exchange, out Exchange? exchange);
        exchange?.Reached(ExchangePhase.Resolving);
        (string Host, int Port) key = (context.DnsEndPoint.Host, context.DnsEndPoint.Port);
        try
        {
            TargetConnection connection = await _guard.ConnectAsync(
                key.Host,
                key.Port,
                cancellationToken,
                resolved: _ => exchange?.Reached(ExchangePhase.Connecting)
            );
            _addresses[key] = connection.RemoteEndPoint.ToString();
            exchange?.Reached(ExchangePhase.TlsHandshake);
            return connection.Stream;
        }
        catch
        {
            exchange?.NeverConnected = true;
            throw;
        }
    }

    // This is called when the connection is ready for HTTP, after TLS if it is used.
    private static ValueTask<Stream> OnConnected(SocketsHttpPlaintextStreamFilterContext context, CancellationToken cancellationToken)
    {
        if (context.InitialRequestMessage.Options.TryGetValue(s_exchange, out Exchange? exchange))
        {
            exchange.Reached(ExchangePhase.WaitingForResponse);
            exchange.CertificateExpiresAt = context.PlaintextStream is SslStream { RemoteCertificate: X509Certificate2 shown }
                ? new DateTimeOffset(shown.NotAfter.ToUniversalTime())
                : null;
        }

        return ValueTask.FromResult(
            context.NegotiatedHttpVersion == HttpVersion.Version11 ? new WatchedStream(context.PlaintextStream) : context.PlaintextStream
        );
    }
}
