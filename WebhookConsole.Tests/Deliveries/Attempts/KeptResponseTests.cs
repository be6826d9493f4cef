using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using WebhookConsole.Deliveries.Attempts;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Heads;
using WebhookConsole.Tests.Support;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Deliveries.Attempts;

/// <summary>The heads of responses come back byte for byte, whether they are kept whole or share a head.</summary>
public sealed class KeptResponseTests : SenderTests
{
    private const string Credential = "a-credential-of-the-receiver";

    /// <summary>The head with {i} for what differs, and whether the later ones share a head.</summary>
    public static TheoryData<string, bool> Heads =>
        new()
        {
            { "HTTP/1.1 200 OK\nDate: {date}\nServer: x\nContent-Length: 2\n", true },
            { "HTTP/1.1 200 OK\nX-First: 1\nDate: {date}\nX-Ray: {i}-abc\nContent-Type: text/plain\nContent-Length: 2\n", true },
            { "HTTP/1.1 200 OK\nSet-Cookie: a={i}; path=/\nSet-Cookie: b=2\nContent-Length: 2\n", true },
            { "HTTP/1.1 200 OK\nDate: {date} \nContent-Length: 2\n", true },
            { "HTTP/1.1 200 OK\nDate: day {i}\nContent-Length: 2\n", true },
            { "HTTP/1.1 200 OK\nDate: Mon, 22 Nov 2026 13:00:0{i} GMT\nContent-Length: 2\n", true },
            { "HTTP/1.1 200 OK\nX-Empty: \nX-Odd: \u00e9\u0080{i}\nContent-Length: 2\n", true },
            { "HTTP/1.1 200 OK\nX-Control: a\u0001b\u000f{i}\nContent-Length: 2\n", false },
            { "HTTP/1.1 200 All is well {i}\nContent-Length: 2\n", false },
            { "HTTP/1.1 200 OK\nX-Name-{i}: 1\nContent-Length: 2\n", false },
            { "HTTP/1.1 200 OK\nX-Number: {i}\nX-Long: {long}", true },
            { "HTTP/1.1 200 OK\nX-Long: {i}{long}", false },
        };

    [Theory]
    [MemberData(nameof(Heads))]
    public async Task SendAsync_HeadsOfOneReceiver_ComeBackAsTheyWere(string pattern, bool shared)
    {
        string head = "";
        await using RawReceiver receiver = RawReceiver.Start(
            async (stream, stop) => await stream.WriteAsync(Encoding.Latin1.GetBytes(head.Replace("\n", "\r\n", StringComparison.Ordinal) + "\r\nok"), stop)
        );
        DeliveryTarget target = Target(receiver.Url);
        WebhookSender sender = Sender();
        List<bool> sharing = [];
        for (int i = 0; i < 5; i++)
        {
            head = Filled(pattern, i);
            AttemptOutcome outcome = await sender.SendAsync(target, EventId, "order.created", "{}"u8.ToArray());
            sharing.Add(outcome.Response?.Head is not null);

            // In HTTP, spaces around a value are not part of it.
            byte[] expected = Encoding.UTF8.GetBytes(head.Replace("GMT \n", "GMT\n", StringComparison.Ordinal));
            Assert.Equal(Text(expected[..Math.Min(expected.Length, WebhookSender.MaxKeptHeaders)]), Text(outcome.ResponseHeaders));
        }

        Assert.Equal([false, shared, shared, shared, shared], sharing);
    }

    [Fact]
    public async Task SendAsync_InvalidResponses_ComeBackAsTheyWere()
    {
        string head = "";
        await using RawReceiver receiver = RawReceiver.Start(
            async (stream, stop) => await stream.WriteAsync(Encoding.Latin1.GetBytes(head + "\r\n\r\n"), stop)
        );
        DeliveryTarget target = Target(receiver.Url) with { Headers = [new HeaderField("X-Key", Credential)] };
        WebhookSender sender = Sender();
        for (int i = 0; i < 4; i++)
        {
            head = $"HTTP/1.1 410 Odd\0\r\nX-Number: {i}\r\nX-Bytes: \u00ff\u0080{i}\r\nX-Echo: {Credential}";
            AttemptOutcome outcome = await sender.SendAsync(target, EventId, "order.created", "{}"u8.ToArray());
            AssertKind(FailureKind.InvalidHttp, outcome);
            string stars = new string('*', Credential.Length - 4) + Credential[^4..];
            Assert.Equal(Encoding.Latin1.GetBytes(head.Replace(Credential, stars, StringComparison.Ordinal)), outcome.ResponseHeaders);
        }
    }

    [Theory]
    [InlineData(HttpProtocols.Http1, "HTTP/1.1 200 OK\n")]
    [InlineData(HttpProtocols.Http1AndHttp2, "HTTP/2.0 200 OK\n")]
    public async Task SendAsync_SecondResponse_KeepsOnlyItsDate(HttpProtocols protocols, string statusLine)
    {
        using TestCa ca = new();
        using X509Certificate2 certificate = ca.Issue();
        await using Receiver receiver = await Receiver.StartAsync(certificate, protocols);
        DeliveryTarget target = Target($"https://127.0.0.1:{receiver.Port}/");
        WebhookSender sender = Sender(trust: ca.Trust(), limit: 5);
        AttemptOutcome first = await sender.SendAsync(target, EventId, "order.created", "{}"u8.ToArray());
        AttemptOutcome second = await sender.SendAsync(target, EventId, "order.paid", "{}"u8.ToArray());
        Assert.StartsWith(statusLine, Text(first.ResponseHeaders), StringComparison.Ordinal);
        Assert.Equal(WithoutDate(first.ResponseHeaders), WithoutDate(second.ResponseHeaders));
        Assert.Single(second.Response!.Value.Rest);
        Assert.Same(first.Request.Head, second.Request.Head);
    }

    [Fact]
    public async Task SendAsync_AfterAChangeInTheProject_KnowsTheHeadsOfEachWebhook()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        WebhookSender sender = Sender();
        DeliveryTarget one = Target(receiver.Url) with { Id = Ids.New(Now) };
        DeliveryTarget other = one with { Id = Ids.New(Now) };
        List<AttemptOutcome> outcomes = [];

        // Each change in a project makes new targets of all its webhooks.
        foreach (DeliveryTarget target in new[] { one, one, one with { }, other, other with { } })
        {
            outcomes.Add(await sender.SendAsync(target, EventId, "order.created", "{}"u8.ToArray()));
        }

        Assert.Equal([false, true, true, false, true], outcomes.Select(o => o.Response?.Head is not null));
        Assert.Equal(outcomes[0].Request.Head!.Id, outcomes[2].Request.Head!.Id);
    }

    [Fact]
    public void Keep_ReceiverWithManyKinds_KeepsWhatItCannotRemember()
    {
        ResponseHeads heads = new();
        for (int i = 0; i < 200; i++)
        {
            byte[] text = Encoding.ASCII.GetBytes($"HTTP/1.1 {200 + (i % 20)} x\nX-Number: {i}\n");
            Assert.Equal(text, heads.Keep(text, Now).Rebuild(new HeadFacts(default, default, "", Now)));
        }
    }

    [Fact]
    public void Keep_OneMoreValueThatDiffers_MakesOneMoreHead()
    {
        ResponseHeads heads = new();
        HashSet<Guid> made = [];
        for (int i = 0; i < 100; i++)
        {
            byte[] text = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\nX-A: {i / 50}\nX-B: {i / 25}\nX-C: {i}\nX-D: same\n");
            KeptHead kept = heads.Keep(text, Now);
            Assert.Equal(text, kept.Rebuild(new HeadFacts(default, default, "", Now)));
            Assert.Equal(i == 0, kept.Head is null);
            made.Add(kept.Head?.Id ?? default);
        }

        Assert.Equal(4, made.Count);
    }

    [Fact]
    public void Keep_ReceiverThatAlwaysThinksOfNewNames_LearnsFewHeadsADay()
    {
        ResponseHeads heads = new();
        Assert.Equal(16, Made(Now));
        Assert.Equal(16, Made(Now.AddDays(1)));

        // Each name comes twice, which makes a head.
        int Made(DateTimeOffset at)
        {
            HashSet<Guid> made = [];
            for (int i = 0; i < 200; i++)
            {
                byte[] text = Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\nX-{at.Day}-{i / 2}: {i}\n");
                KeptHead kept = heads.Keep(text, at);
                Assert.Equal(text, kept.Rebuild(new HeadFacts(default, default, "", at)));
                made.Add(kept.Head?.Id ?? default);
            }

            return made.Count(id => id != default);
        }
    }

    private static DateTimeOffset Now { get; } = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    // The receiver hangs up after each response, and says so: otherwise the next request may take the connection that is about to end.
    private static string Filled(string pattern, int i) =>
        pattern
            .Insert(pattern.IndexOf('\n', StringComparison.Ordinal) + 1, "Connection: close\n")
            .Replace("{i}", i.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{date}", Date(i), StringComparison.Ordinal)
            .Replace("{long}", new string('v', 10_000) + "\n", StringComparison.Ordinal);

    private static string Date(int i) =>
        new DateTimeOffset(2026, 11, 22, 23, 59, 58, TimeSpan.Zero).AddSeconds(i * 7).ToString("R", CultureInfo.InvariantCulture);

    private static string WithoutDate(byte[]? head) =>
        string.Join('\n', Text(head).Split('\n').Where(l => !l.StartsWith("Date: ", StringComparison.OrdinalIgnoreCase)));
}
