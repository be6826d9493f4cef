using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using WebhookConsole.Domain;
using WebhookConsole.Inbox;
using WebhookConsole.Signing;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Inbox;

public sealed class InboxReceiverTests : IAsyncLifetime
{
    private InboxHost _host = null!;
    private InboxEndpoint _inbox = null!;

    public async Task InitializeAsync()
    {
        _host = await InboxHost.StartAsync();
        _inbox = await _host.CreateInboxAsync();
    }

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [InlineData("standard")]
    [InlineData("body-hex")]
    public async Task Inbox_TestOfItsWebhook_ArrivesAndIsValid(string format)
    {
        JsonElement webhook = await _host.PostAsync(
            "webhooks",
            new
            {
                name = "Billing",
                url = _host.UrlOf(_inbox),
                verify = false,
                format,
            }
        );
        JsonElement delivery = await _host.PostAsync($"webhooks/{webhook.GetProperty("id").GetString()}/test", new { eventType = "invoice.paid" });

        Assert.Equal("succeeded", delivery.GetProperty("status").GetString());
        InboxRequestRow row = Assert.Single(await _host.RequestsAsync(_inbox));
        Assert.True(row.SignatureValid, row.Verification);
        Assert.Equal("invoice.paid", row.EventType);
        Assert.Contains("“Billing”", row.Verification);
        InboxRequest? request = await _host.Inboxes.FindRequestAsync(Actor.System, _host.ProjectId, _inbox.Id, row.Id, CancellationToken.None);
        Assert.True(JsonDocument.Parse(request!.Body).RootElement.GetProperty("test").GetBoolean());
    }

    [Fact]
    public async Task Inbox_SignedWithAnotherSecret_IsNotValidAndSaysWhy()
    {
        await _host.PostAsync(
            "webhooks",
            new
            {
                name = "Billing",
                url = _host.UrlOf(_inbox),
                verify = false,
            }
        );
        List<HeaderField> headers = [];
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        SignatureFormats.For(SignatureFormat.Standard).Sign(Ids.New(now), now, "{}"u8, [SigningSecret.Generate()], null, headers);

        await PostAsync("{}", headers);

        InboxRequestRow row = Assert.Single(await _host.RequestsAsync(_inbox));
        Assert.False(row.SignatureValid);
        Assert.Contains("No secret matches", row.Verification);
    }

    [Fact]
    public async Task Inbox_NoWebhookPostsHere_IsNotChecked()
    {
        await PostAsync("{}");

        InboxRequestRow row = Assert.Single(await _host.RequestsAsync(_inbox));
        Assert.Null(row.SignatureValid);
        Assert.StartsWith("No webhook posts to this inbox yet", row.Verification);
    }

    [Fact]
    public async Task Inbox_101Requests_KeepsTheNewest100()
    {
        for (int i = 0; i <= InboxStore.MaxRequests; i++)
        {
            await PostAsync(new string('x', i));
        }

        int[] sizes = [.. (await _host.RequestsAsync(_inbox)).Select(r => r.BodyBytes)];
        Assert.Equal(InboxStore.MaxRequests, sizes.Length);
        Assert.DoesNotContain(0, sizes);
        Assert.Contains(InboxStore.MaxRequests, sizes);
    }

    [Theory]
    [InlineData(256, false, HttpStatusCode.OK)]
    [InlineData(257, false, HttpStatusCode.RequestEntityTooLarge)]
    [InlineData(257, true, HttpStatusCode.RequestEntityTooLarge)]
    public async Task Inbox_LargeBody_IsRefusedAndTheConnectionStaysUsable(int kib, bool chunked, HttpStatusCode expected)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, _host.UrlOf(_inbox)) { Content = new ByteArrayContent(new byte[kib * 1024]) };
        request.Headers.TransferEncodingChunked = chunked;
        using HttpResponseMessage response = await _host.Client.SendAsync(request);

        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await PostAsync("after"));
        IReadOnlyList<InboxRequestRow> rows = await _host.RequestsAsync(_inbox);
        Assert.Equal([5, expected == HttpStatusCode.OK ? kib * 1024 : 0], rows.OrderBy(r => r.ReceivedAt).Reverse().Select(r => r.BodyBytes));
        Assert.Contains(rows, r => r.AnsweredStatus == (int)expected);
    }

    [Fact]
    public async Task Inbox_UnknownToken_Is404()
    {
        using HttpResponseMessage response = await _host.Client.PostAsync(new Uri("/inbox/nobody-knows-this-one", UriKind.Relative), null);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Inbox_ChunkSizeThatIsNoNumber_IsTheSendersFault() =>
        Assert.Equal(
            "HTTP/1.1 400 ",
            await RawRequest.SendAsync(
                _host.Client.BaseAddress!,
                $"POST /{InboxService.PathOf(_inbox)} HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n80000000\r\nabc"
            )
        );

    [Theory]
    [InlineData("GET", 204)]
    [InlineData("HEAD", 503)]
    [InlineData("PATCH", 418)]
    [InlineData("BREW", 200)]
    public async Task Inbox_AnyMethod_IsAnsweredAsTold(string method, int status)
    {
        await _host.Inboxes.SetAnswersAsync(Actor.System, _host.ProjectId, _inbox.Id, AnswerSequence.Parse($"{status}"));
        using HttpRequestMessage request = new(new HttpMethod(method), _host.UrlOf(_inbox));
        using HttpResponseMessage response = await _host.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal(method, Assert.Single(await _host.RequestsAsync(_inbox)).Method);
    }

    [Fact]
    public async Task Inbox_Delay_IsWaitedAfterTheRequestIsKept()
    {
        await _host.Inboxes.SetAnswersAsync(Actor.System, _host.ProjectId, _inbox.Id, AnswerSequence.Parse("200 after 400ms"));
        long start = Stopwatch.GetTimestamp();

        Assert.Equal(HttpStatusCode.OK, await PostAsync("{}"));

        Assert.True(Stopwatch.GetElapsedTime(start) >= TimeSpan.FromMilliseconds(390));
    }

    [Fact]
    public async Task Inbox_Sequence_IsTakenStepByStepAndBeginsAgainWhenRestarted()
    {
        await _host.Inboxes.SetAnswersAsync(Actor.System, _host.ProjectId, _inbox.Id, AnswerSequence.Parse("500 x2, 201"));
        Assert.Equal([500, 500, 201, 201], await PostManyAsync(4));
        Assert.Equal([201, 201, 500, 500], (await _host.RequestsAsync(_inbox)).Select(r => r.AnsweredStatus));

        await _host.Inboxes.RestartAsync(Actor.System, _host.ProjectId, _inbox.Id);
        Assert.Equal([500], await PostManyAsync(1));

        await _host.Inboxes.SetAnswersAsync(Actor.System, _host.ProjectId, _inbox.Id, AnswerSequence.Parse("503, 200, repeat"));
        Assert.Equal([503, 200, 503], await PostManyAsync(3));
        Assert.Equal(3, (await _host.Inboxes.GetAsync(Actor.System, _host.ProjectId, _inbox.Id, CancellationToken.None)).Answered);
    }

    [Fact]
    public async Task Inbox_CookieAndAuthorization_AreNotKept()
    {
        await PostAsync("{}", [new("Cookie", "webhookconsole=session-of-an-owner"), new("Authorization", "Basic c2VjcmV0"), new("X-Seen", "yes")]);

        InboxRequestRow row = Assert.Single(await _host.RequestsAsync(_inbox));
        string headers = (await _host.Inboxes.FindRequestAsync(Actor.System, _host.ProjectId, _inbox.Id, row.Id, CancellationToken.None))!.Headers;
        Assert.DoesNotContain("session-of-an-owner", headers);
        Assert.DoesNotContain("c2VjcmV0", headers);
        Assert.Contains("X-Seen: yes", headers);
    }

    [Fact]
    public async Task Inbox_DatabaseThatCannotKeepIt_Answers503AndGoesOn()
    {
        await _host.ExecuteAsync($"ALTER TABLE inbox_requests RENAME TO away");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await PostAsync("{}"));

        await _host.ExecuteAsync($"ALTER TABLE away RENAME TO inbox_requests");
        Assert.Equal(HttpStatusCode.OK, await PostAsync("{}"));
    }

    private async Task<List<int>> PostManyAsync(int count)
    {
        List<int> statuses = [];
        for (int i = 0; i < count; i++)
        {
            statuses.Add((int)await PostAsync("{}"));
        }

        return statuses;
    }

    private async Task<HttpStatusCode> PostAsync(string body, IEnumerable<HeaderField>? headers = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, _host.UrlOf(_inbox)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (HeaderField header in headers ?? [])
        {
            request.Headers.TryAddWithoutValidation(header.Name, header.Value);
        }

        using HttpResponseMessage response = await _host.Client.SendAsync(request);
        return response.StatusCode;
    }
}
