using System.Net;
using WebhookConsole.Domain;
using WebhookConsole.Inbox;

namespace WebhookConsole.Tests.Inbox;

public sealed class InboxServiceTests : IAsyncLifetime
{
    private InboxHost _host = null!;

    public async Task InitializeAsync() => _host = await InboxHost.StartAsync(("Inbox:Enabled", "false"));

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Inbox_SwitchedOff_Is404AndStaysReadable()
    {
        InboxEndpoint inbox = await _host.CreateInboxAsync();

        using HttpResponseMessage response = await _host.Client.PostAsync(_host.UrlOf(inbox), null);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await _host.RequestsAsync(inbox));
        Assert.False(_host.Inboxes.Enabled);
    }

    [Fact]
    public async Task Create_MoreThanAllowed_IsAConflict()
    {
        InboxEndpoint[] made = new InboxEndpoint[InboxService.MaxPerProject];
        for (int i = 0; i < made.Length; i++)
        {
            made[i] = await _host.CreateInboxAsync($"Inbox {i}");
        }

        Assert.Equal(made.Length, made.Select(i => i.Token).Distinct(StringComparer.Ordinal).Count());
        Assert.All(made, i => Assert.Equal(32, i.Token.Length));
        Assert.Equal("max_inboxes_reached", (await Assert.ThrowsAsync<RuleException>(() => _host.CreateInboxAsync())).Code);
    }

    [Fact]
    public async Task SetAnswers_Viewer_IsForbiddenAndOperatorsBeginAnew()
    {
        InboxEndpoint inbox = await _host.CreateInboxAsync();
        AnswerSequence answers = AnswerSequence.Parse("500 x2, 200");
        Actor viewer = Member(Role.Viewer);
        await AssertRefusedAsync(RefusalKind.Forbidden, () => _host.Inboxes.SetAnswersAsync(viewer, _host.ProjectId, inbox.Id, answers));
        await AssertRefusedAsync(RefusalKind.Forbidden, () => _host.Inboxes.RestartAsync(viewer, _host.ProjectId, inbox.Id));

        await _host.ExecuteAsync($"UPDATE inboxes SET answered = 7");
        await _host.Inboxes.SetAnswersAsync(Member(Role.Operator), _host.ProjectId, inbox.Id, answers);
        InboxEndpoint stored = await _host.Inboxes.GetAsync(viewer, _host.ProjectId, inbox.Id, CancellationToken.None);
        Assert.Equal(("500 x2, 200", 0), (stored.Answers.ToString(), stored.Answered));
    }

    [Fact]
    public async Task Change_Viewer_IsForbiddenAndMayRead()
    {
        InboxEndpoint inbox = await _host.CreateInboxAsync();
        Actor viewer = Member(Role.Viewer);

        await AssertRefusedAsync(RefusalKind.Forbidden, () => _host.Inboxes.ClearAsync(viewer, _host.ProjectId, inbox.Id));
        await AssertRefusedAsync(RefusalKind.Forbidden, () => _host.Inboxes.DeleteAsync(viewer, _host.ProjectId, inbox.Id));
        await AssertRefusedAsync(
            RefusalKind.NotFound,
            () => _host.Inboxes.GetAsync(viewer with { Projects = new HashSet<Guid>() }, _host.ProjectId, inbox.Id, CancellationToken.None)
        );
        Assert.Equal("Trial", Assert.Single(await _host.Inboxes.ListAsync(viewer, _host.ProjectId, CancellationToken.None)).Inbox.Name);
    }

    [Fact]
    public async Task Delete_Inbox_IsGone()
    {
        InboxEndpoint inbox = await _host.CreateInboxAsync();

        await _host.Inboxes.DeleteAsync(Actor.System, _host.ProjectId, inbox.Id);

        await AssertRefusedAsync(RefusalKind.NotFound, () => _host.Inboxes.GetAsync(Actor.System, _host.ProjectId, inbox.Id, CancellationToken.None));
    }

    private Actor Member(Role role) =>
        new()
        {
            Kind = ActorKind.User,
            Name = role.ToString(),
            Role = role,
            Projects = new HashSet<Guid> { _host.ProjectId },
        };

    private static async Task AssertRefusedAsync(RefusalKind kind, Func<Task> action) =>
        Assert.Equal(kind, (await Assert.ThrowsAsync<RuleException>(action)).Kind);
}
