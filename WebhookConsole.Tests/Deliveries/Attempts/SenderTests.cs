using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Signing;
using WebhookConsole.Targets;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Deliveries.Attempts;

/// <summary>Sends to receivers of the test with a short limit.</summary>
public abstract class SenderTests : IDisposable
{
    protected const int LimitSeconds = 1;

    // The limit, the time to hang up, and a busy machine.
    protected static readonly TimeSpan Longest = TimeSpan.FromSeconds(LimitSeconds + 4);
    private static readonly IPNetwork s_loopback = IPNetwork.Parse("127.0.0.0/8");

    protected SigningSecret Secret { get; } = SigningSecret.Generate();

    protected Guid EventId { get; } = Ids.New(TimeProvider.System.GetUtcNow());

    private readonly List<WebhookSender> _senders = [];

    public void Dispose()
    {
        _senders.ForEach(s => s.Dispose());
        GC.SuppressFinalize(this);
    }

    protected WebhookSender Sender(
        IPNetwork[]? allowed = null,
        Func<string, CancellationToken, Task<IPAddress[]>>? resolve = null,
        X509ChainPolicy? trust = null,
        int limit = LimitSeconds,
        bool allowHttp = true
    )
    {
        WebhookSender sender = new(
            new TargetGuard(allowed ?? [s_loopback], resolve),
            TimeProvider.System,
            Options.Create(new DeliveryOptions { TimeoutSeconds = limit, AllowHttp = allowHttp }),
            trust
        );
        _senders.Add(sender);
        return sender;
    }

    protected DeliveryTarget Target(string url) =>
        new()
        {
            Id = Guid.Empty,
            ProjectId = Guid.Empty,
            Name = "hook",
            Url = new Uri(url),
            EventFilter = EventFilter.All,
            State = WebhookState.Active,
            HeldReason = null,
            Format = SignatureFormat.Standard,
            SignatureHeader = null,
            RetrySchedule = RetrySchedule.Patient,
            Headers = [new HeaderField("X-Tenant", "blue")],
            MaxInFlight = 8,
            RateLimitPerSecond = null,
            Secrets = [(Secret, null)],
        };

    protected Task<AttemptOutcome> SendAsync(string url, WebhookSender? sender = null) =>
        (sender ?? Sender()).SendAsync(Target(url), EventId, "order.created", """{"n":1}"""u8.ToArray());

    protected async Task<AttemptOutcome> SendInTimeAsync(string url, WebhookSender? sender = null)
    {
        AttemptOutcome outcome = await SendAsync(url, sender);
        Assert.True(outcome.CompletedAt - outcome.StartedAt < Longest, $"It took {outcome.CompletedAt - outcome.StartedAt}.");
        return outcome;
    }

    protected static void AssertKind(FailureKind expected, AttemptOutcome outcome) =>
        Assert.True(expected == outcome.Failure?.Kind, $"{outcome.Failure}, not {expected}");

    protected static string Text(byte[]? bytes) => Encoding.UTF8.GetString(bytes!);
}
