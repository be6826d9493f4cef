using Microsoft.EntityFrameworkCore;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Data.Store;

/// <summary>Requests to an inbox take the steps of its answers, each step once.</summary>
public sealed class InboxAnswersTests : StoreTests
{
    private readonly Guid _inbox = Ids.New(Now);

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task AddInboxRequest_ManyAtOnce_TakeEachStepOnce(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await AddInboxAsync("500 x5, 503 x3 after 20ms, 200");

        AnswerStep?[] answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => Store.AddInboxRequestAsync(Request(), keep: 100)));

        Assert.Equal(5, answers.Count(a => a!.Status == 500));
        Assert.Equal(3, answers.Count(a => a is { Status: 503, DelayMs: 20 }));
        Assert.Equal(32, answers.Count(a => a!.Status == 200));
        Assert.Equal(40, await AnsweredAsync());
        List<int> stored = await Database.QueryAsync(db => db.InboxRequests.Select(r => r.AnsweredStatus).ToListAsync());
        Assert.Equal(answers.Select(a => a!.Status).Order(), stored.Order());
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task AddInboxRequest_Refused_IsKeptAndTakesNoStep(DatabaseKind kind)
    {
        await OpenAsync(kind);
        await AddInboxAsync("500, 200");

        Assert.Equal(413, (await Store.AddInboxRequestAsync(Request(), keep: 100, refusal: 413))!.Status);
        Assert.Equal(500, (await Store.AddInboxRequestAsync(Request(), keep: 100))!.Status);
        Assert.Equal(200, (await Store.AddInboxRequestAsync(Request(), keep: 1))!.Status);
        Assert.Equal(2, await AnsweredAsync());
        Assert.Equal(1, await Database.QueryAsync(db => db.InboxRequests.CountAsync()));
    }

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task AddInboxRequest_InboxIsGone_StoresNothing(DatabaseKind kind)
    {
        await OpenAsync(kind);
        Assert.Null(await Store.AddInboxRequestAsync(Request(), keep: 100));
        Assert.Equal(0, await Database.QueryAsync(db => db.InboxRequests.CountAsync()));
    }

    private Task<long> AnsweredAsync() => Database.QueryAsync(db => db.Inboxes.Where(i => i.Id == _inbox).Select(i => i.Answered).SingleAsync());

    private Task<int> AddInboxAsync(string answers) =>
        Database.QueryAsync(db =>
        {
            db.Inboxes.Add(
                new InboxEndpoint
                {
                    Id = _inbox,
                    ProjectId = Database.ProjectId,
                    Name = "Trial",
                    Token = "token",
                    Answers = AnswerSequence.Parse(answers),
                    CreatedAt = Now,
                }
            );
            return db.SaveChangesAsync();
        });

    private InboxRequest Request() =>
        new()
        {
            Id = Ids.New(Now),
            InboxId = _inbox,
            ReceivedAt = Now,
            Method = "POST",
            Headers = "a: b",
            Body = "{}"u8.ToArray(),
            Verification = "Not checked.",
        };
}
