using WebhookConsole.Deliveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Rules;

/// <summary>What a pasted id finds, and for whom.</summary>
public sealed class IdLookupTests(RuleWalk walk) : IClassFixture<RuleWalk>
{
    private IdLookup Lookup => walk.App.Get<IdLookup>();

    private Task<IReadOnlyList<FoundId>> FindAsync(Actor actor, string text) => Lookup.FindAsync(actor, text, walk.ProjectId, CancellationToken.None);

    [Fact]
    public async Task Find_IdOfOwnProject_SaysWhatItIs()
    {
        Actor viewer = walk.Person(Role.Viewer, member: true);
        FoundId webhook = Assert.Single(await FindAsync(viewer, $"  {walk.Own["webhookId"]}\n"));
        Assert.Equal((FoundKind.Webhook, walk.ProjectId), (webhook.Kind, webhook.ProjectId));
        FoundId delivery = Assert.Single(await FindAsync(viewer, walk.Own["deliveryId"].ToString("N")));
        Assert.Equal((FoundKind.Delivery, walk.Own["deliveryId"]), (delivery.Kind, delivery.Id));
    }

    [Fact]
    public async Task Find_IdOfAnotherProject_FindsNothing()
    {
        foreach (Role role in new[] { Role.Viewer, Role.Operator, Role.Admin })
        {
            foreach (Guid id in walk.Theirs.Values)
            {
                Assert.Empty(await FindAsync(walk.Person(role, member: true), id.ToString()));
            }
        }

        Assert.NotEmpty(await FindAsync(walk.Person(Role.Owner, member: true), walk.Theirs["webhookId"].ToString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not an id")]
    [InlineData("'; DROP TABLE webhooks --")]
    public async Task Find_AnythingElse_FindsNothing(string text)
    {
        Assert.Empty(await FindAsync(walk.Person(Role.Owner, member: true), text));
        Assert.Empty(await FindAsync(walk.Person(Role.Owner, member: true), text + new string('x', 100_000)));
    }
}
