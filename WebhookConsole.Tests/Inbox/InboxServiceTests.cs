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

    [Theory]
    [InlineData(199, 0)]
    [InlineData(600, 0)]
    [InlineData(200, -1)]
    [InlineData(200, 15_001)]
    public async Task SetAnswer_OutOfRange_IsRefused(int status, int delayMs)
    {
        InboxEndpoint inbox = await _host.CreateInboxAsync();

        RuleException refusal = await Assert.ThrowsAsync<RuleException>(() =>
            _host.Inboxes.SetAnswerAsync(Actor.System, _host.ProjectId, inbox.Id, status, delayMs)
        );

        Assert.Equal(RefusalKind.Invalid, refusal.Kind);
    }

    [Fact]
    public async Task Change_Viewer_IsForbiddenAndMayRead()
    {
        InboxEndpoint inbox = await _host.CreateInboxAsync();
        Actor viewer = new()
        {
            Kind = ActorKind.User,
            Name = "viewer",
            Role = Role.Viewer,
            Projects = new HashSet<Guid> { _host.ProjectId },
        };

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

    private static async Task AssertRefusedAsync(RefusalKind kind, Func<Task> action) =>
        Assert.Equal(kind, (await Assert.ThrowsAsync<RuleException>(action)).Kind);
}
