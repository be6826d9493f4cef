using WebhookConsole.Domain;

namespace WebhookConsole.Tests.Domain;

public sealed class ActorTests
{
    private static readonly Guid s_project = Guid.CreateVersion7();

    private static Actor New(ActorKind kind, Role? role, params Guid[] projects) =>
        new()
        {
            Kind = kind,
            Name = "a",
            Role = role,
            Projects = projects.ToHashSet(),
        };

    [Fact]
    public void IsMember_PersonOrToken_OfTheirProjectsOnly()
    {
        foreach (Actor actor in new[] { New(ActorKind.User, Role.Admin, s_project), New(ActorKind.Token, null, s_project) })
        {
            Assert.True(actor.IsMember(s_project));
            Assert.False(actor.IsMember(Guid.CreateVersion7()));
        }
    }

    [Fact]
    public void IsMember_OwnerAndSystem_OfEveryProject()
    {
        Assert.True(New(ActorKind.User, Role.Owner).IsMember(s_project));
        Assert.True(New(ActorKind.System, null).IsMember(s_project));
        Assert.False(New(ActorKind.User, Role.Admin).IsMember(s_project));
    }

    [Fact]
    public void System_Always_IsAnOwnerByThatName()
    {
        Assert.Equal(ActorKind.System, Actor.System.Kind);
        Assert.Equal(Role.Owner, Actor.System.Role);
        Assert.Equal("System", Actor.System.Name);
    }
}
