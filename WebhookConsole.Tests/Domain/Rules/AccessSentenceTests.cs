using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;

namespace WebhookConsole.Tests.Domain.Rules;

/// <summary>What somebody is told who may not.</summary>
public sealed class AccessSentenceTests
{
    private static readonly Guid s_project = Guid.CreateVersion7();

    private static RuleException Refused(Actor actor, Permission permission) =>
        Assert.Throws<RuleException>(() => AccessPolicy.Demand(actor, permission, s_project));

    private static Actor New(ActorKind kind, Role? role, TokenScopes scopes = TokenScopes.None, Guid? project = null) =>
        new()
        {
            Kind = kind,
            Name = "a",
            Role = role,
            Scopes = scopes,
            Projects = new HashSet<Guid> { project ?? s_project },
        };

    [Fact]
    public void Demand_PersonOfALowerRole_NamesBothRoles()
    {
        RuleException refused = Refused(New(ActorKind.User, Role.Viewer), Permission.ManageWebhooks);
        Assert.Equal(
            (RefusalKind.Forbidden, "forbidden", "Your role is Viewer; this needs Operator. Ask an operator, admin or owner."),
            (refused.Kind, refused.Code, refused.Message)
        );
    }

    [Fact]
    public void Demand_Token_NamesTheScopesOrSaysThatAPersonHasTo()
    {
        Actor token = New(ActorKind.Token, null, TokenScopes.DeliveriesRead);
        Assert.Equal("This token lacks the scope events:write.", Refused(token, Permission.PostEvents).Message);
        Assert.Equal("This token lacks the scope webhooks:read or webhooks:write.", Refused(token, Permission.ViewWebhooks).Message);
        Assert.Equal("API tokens cannot do this; a person has to do it in the console.", Refused(token, Permission.ManageInstallation).Message);
    }

    [Fact]
    public void Demand_Stranger_IsToldThatThereIsNoSuchProject() =>
        Assert.Equal("This project does not exist.", Refused(New(ActorKind.User, Role.Admin, project: Guid.Empty), Permission.ViewWebhooks).Message);

    [Fact]
    public void May_MistakesInTheCode_Throw()
    {
        ArgumentNullException missing = Assert.Throws<ArgumentNullException>(() => AccessPolicy.May(Actor.System, Permission.ViewAudit));
        Assert.Equal("projectId", missing.ParamName);
        Assert.StartsWith("ViewAudit is asked for one project.", missing.Message, StringComparison.Ordinal);
        Assert.Equal("No rule for 99.", Assert.Throws<InvalidOperationException>(() => AccessPolicy.May(Actor.System, (Permission)99)).Message);
    }

    [Fact]
    public void May_PermissionOfTheInstallation_NeedsNoProject()
    {
        Permission[] installation = [Permission.ManageProjects, Permission.ManagePeople, Permission.ManageInstallation];
        Assert.Equal(installation, Enum.GetValues<Permission>().Where(AccessPolicy.IsOfInstallation));
        Assert.All(installation, p => Assert.True(AccessPolicy.May(Actor.System, p)));
    }

    [Fact]
    public void NameOf_Scopes_AreThoseOfTheApi()
    {
        Assert.Equal(
            "events:write deliveries:read deliveries:replay webhooks:read webhooks:write secrets:rotate audit:read",
            TokenScopeNames.NameOf(TokenScopes.All)
        );
        Assert.Empty(TokenScopeNames.NameOf(TokenScopes.None));
        Assert.Equal(TokenScopes.All, TokenScopeNames.All.Aggregate(TokenScopes.None, (all, next) => all | next.Scope));
    }
}
