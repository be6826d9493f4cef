using System.Diagnostics;
using System.Net;
using WebhookConsole.Audit;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Deliveries.Attempts;
using WebhookConsole.Tests.Support;
using WebhookConsole.Tokens;

namespace WebhookConsole.Tests.Api;

/// <summary>No answer to a post comes late (specification §16), not even when a burst meets people's writes after a quiet time.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class IntakeStallTests
{
    private const int Clients = 16;
    private const int PostsOfEach = 120;
    private const int Rounds = 3;
    private static readonly TimeSpan s_latest = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_quiet = TimeSpan.FromSeconds(20);

    /// <summary>
    /// Writers that sleep until SQLite's lock is free lose whole seconds here: while the burst lasts somebody writes all the time, and
    /// every client's token is used for the first time in a minute. So a stall comes in every round and the best of three cannot hide it,
    /// whereas what else the machine does seldom hits all three. What the same posts wait for where nobody else writes is the machine's
    /// own doing and allowed on top.
    /// </summary>
    [Fact]
    public async Task Burst_AfterAQuietTime_WhilePeopleWrite_NoAnswerIsLate()
    {
        await using TestApp app = await TestApp.StartAsync();
        Guid project = await app.ProjectIdAsync();
        List<(TimeSpan Alone, TimeSpan WithPeople)> rounds = [];

        // What is compiled at the first calls is nobody's stall.
        await BurstAsync(app, await TokensAsync(app, project));
        do
        {
            TimeSpan alone = await BurstAsync(app, await TokensAsync(app, project));
            List<string> tokens = await TokensAsync(app, project);
            await Task.Delay(s_quiet, TimeProvider.System);
            using CancellationTokenSource over = new();
            Task people = WriteAuditAsync(app, over.Token);
            rounds.Add((alone, await BurstAsync(app, tokens)));
            await over.CancelAsync();
            await people;
        } while (rounds.Count < Rounds && !InTime(rounds[^1]));

        Assert.True(
            InTime(rounds[^1]),
            string.Join("; ", rounds.Select(r => $"{r.WithPeople.TotalMilliseconds:0} ms, alone {r.Alone.TotalMilliseconds:0} ms"))
        );
    }

    private static bool InTime((TimeSpan Alone, TimeSpan WithPeople) round) => round.WithPeople < s_latest + round.Alone;

    private static async Task<List<string>> TokensAsync(TestApp app, Guid project)
    {
        List<string> tokens = [];
        for (int i = 0; i < Clients; i++)
        {
            tokens.Add((await app.Get<ApiTokenService>().CreateAsync(Actor.System, project, "burst", TokenScopes.All, null)).Text);
        }

        return tokens;
    }

    // The longest that one of the posts was waited for.
    private static async Task<TimeSpan> BurstAsync(TestApp app, List<string> tokens) => (await Task.WhenAll(tokens.Select(t => PostAsync(app, t)))).Max();

    private static async Task<TimeSpan> PostAsync(TestApp app, string token)
    {
        using HttpClient client = app.NewClient(token);
        TimeSpan worst = TimeSpan.Zero;
        for (int i = 0; i < PostsOfEach; i++)
        {
            long start = Stopwatch.GetTimestamp();
            (await app.SendAsync(HttpMethod.Post, "events", """{"type":"order.created","payload":{"n":1}}""", client)).Expect(HttpStatusCode.Accepted);
            TimeSpan took = Stopwatch.GetElapsedTime(start);
            worst = took > worst ? took : worst;
        }

        return worst;
    }

    // A write every few milliseconds, as from many people.
    private static async Task WriteAuditAsync(TestApp app, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            await app.Get<AuditLog>().WriteAsync(Actor.System, AuditActions.UserUpdated, null);
            await Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, CancellationToken.None);
        }
    }
}
