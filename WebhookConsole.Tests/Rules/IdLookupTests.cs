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
    public async Task Find_BeginningOfAnId_FindsItFromEightCharactersOn()
    {
        Actor viewer = walk.Person(Role.Viewer, member: true);
        foreach ((string name, FoundKind kind) in new[] { ("webhookId", FoundKind.Webhook), ("deliveryId", FoundKind.Delivery) })
        {
            string id = walk.Own[name].ToString();
            foreach (string beginning in new[] { id[..8], id[..13], id[..24].ToUpperInvariant(), id.Replace("-", "", StringComparison.Ordinal)[..20] })
            {
                Assert.Contains(await FindAsync(viewer, beginning), f => f.Kind == kind && f.Id == walk.Own[name]);
            }

            Assert.Empty(await FindAsync(viewer, id[..7]));
        }
    }

    [Fact]
    public async Task Find_BeginningOfAnIdOfAnotherProject_FindsOnlyWhatTheActorMaySee()
    {
        foreach (Guid id in walk.Theirs.Values)
        {
            Assert.All(await FindAsync(walk.Person(Role.Admin, member: true), id.ToString()[..8]), f => Assert.Equal(walk.ProjectId, f.ProjectId));
        }
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
