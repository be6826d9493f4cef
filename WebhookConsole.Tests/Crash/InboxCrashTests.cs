using WebhookConsole.Domain;
using WebhookConsole.Inbox;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Crash;

/// <summary>The answers of an inbox while the application is killed: no step is given twice, and none is left out.</summary>
public sealed class InboxCrashTests
{
    [Fact]
    public async Task Kill_DuringASequence_ContinuesWhereItWas()
    {
        await using TestDatabase database = TestDatabase.New();
        string token;
        await using (TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database }))
        {
            InboxService inboxes = app.Get<InboxService>();
            Guid project = await app.ProjectIdAsync();
            InboxEndpoint inbox = await inboxes.CreateAsync(Actor.System, project, "Trial");
            await inboxes.SetAnswersAsync(Actor.System, project, inbox.Id, AnswerSequence.Parse("500 x5, 200"));
            token = inbox.Token;
        }

        using HttpClient client = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(20) };
        client.DefaultRequestHeaders.Authorization = new("Bearer", TestApp.Token);
        using KilledApplication application = new(database.Arguments, client);
        List<int> answers = [];
        foreach (int requests in new[] { 2, 2, 3 })
        {
            await application.StartAsync();
            for (int i = 0; i < requests; i++)
            {
                answers.Add(await application.PostToInboxAsync(token));
            }

            await application.KillAsync();
        }

        Assert.Equal([500, 500, 500, 500, 500, 200, 200], answers);
    }
}
