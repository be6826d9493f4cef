using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;

namespace WebhookConsole.Tests.Domain.Rules;

/// <summary>The table of specification §2, cell by cell.</summary>
public sealed class AccessPolicyTests
{
    private static readonly Guid s_project = Guid.CreateVersion7();

    private static Actor Person(Role role, bool member = true) =>
        new()
        {
            Kind = ActorKind.User,
            Name = role.ToString(),
            Role = role,
            Projects = member ? new HashSet<Guid> { s_project } : [],
        };

    private static Actor Token(TokenScopes scopes) =>
        new()
        {
            Kind = ActorKind.Token,
            Name = "token",
            Scopes = scopes,
            Projects = new HashSet<Guid> { s_project },
        };

    /// <summary>Permission and who has it: viewer, operator, admin, owner.</summary>
    public static TheoryData<Permission, string> People =>
        new()
        {
            { Permission.ViewWebhooks, "VOAW" },
            { Permission.ViewDeliveries, "VOAW" },
            { Permission.PostEvents, "OAW" },
            { Permission.ManageWebhooks, "OAW" },
            { Permission.ReplayDeliveries, "OAW" },
            { Permission.ManageInboxes, "OAW" },
            { Permission.ReplayWhileDisabled, "AW" },
            { Permission.SeeNewSecret, "AW" },
            { Permission.RotateSecrets, "AW" },
            { Permission.DeleteWebhooks, "AW" },
            { Permission.ManageEventTypes, "AW" },
            { Permission.ManageTokens, "AW" },
            { Permission.ViewAudit, "AW" },
            { Permission.ManageMembers, "AW" },
            { Permission.RevealSecrets, "AW" },
            { Permission.ManageProjects, "W" },
            { Permission.ManagePeople, "W" },
            { Permission.ManageInstallation, "W" },
        };

    [Theory]
    [MemberData(nameof(People))]
    public void WhoMay_Permission_NamesTheRolesThatMay(Permission permission, string roles)
    {
        string expected = roles switch
        {
            "VOAW" => "every member",
            "OAW" => "an operator, admin or owner",
            "AW" => "an admin or owner",
            _ => "an owner",
        };
        Assert.Equal(expected, AccessPolicy.WhoMay(permission));
    }

    public static TheoryData<Permission, TokenScopes> Tokens =>
        new()
        {
            { Permission.ViewWebhooks, TokenScopes.WebhooksRead | TokenScopes.WebhooksWrite },
            { Permission.ViewDeliveries, TokenScopes.DeliveriesRead },
            { Permission.PostEvents, TokenScopes.EventsWrite },
            { Permission.ManageWebhooks, TokenScopes.WebhooksWrite },
            { Permission.ReplayDeliveries, TokenScopes.DeliveriesReplay },
            { Permission.ReplayWhileDisabled, TokenScopes.DeliveriesReplay },
            { Permission.SeeNewSecret, TokenScopes.WebhooksWrite },
            { Permission.RotateSecrets, TokenScopes.SecretsRotate },
            { Permission.DeleteWebhooks, TokenScopes.WebhooksWrite },
            { Permission.ManageInboxes, TokenScopes.None },
            { Permission.ManageEventTypes, TokenScopes.WebhooksWrite },
            { Permission.ManageTokens, TokenScopes.None },
            { Permission.ViewAudit, TokenScopes.AuditRead },
            { Permission.ManageMembers, TokenScopes.None },
            { Permission.RevealSecrets, TokenScopes.None },
            { Permission.ManageProjects, TokenScopes.None },
            { Permission.ManagePeople, TokenScopes.None },
            { Permission.ManageInstallation, TokenScopes.None },
        };

    [Theory]
    [MemberData(nameof(People))]
    public void May_Person_IsAsTheTableSays(Permission permission, string allowed)
    {
        foreach ((Role role, char letter) in new[] { (Role.Viewer, 'V'), (Role.Operator, 'O'), (Role.Admin, 'A'), (Role.Owner, 'W') })
        {
            bool expected = allowed.Contains(letter);
            Assert.Equal(expected, AccessPolicy.May(Person(role), permission, s_project));
            if (expected)
            {
                AccessPolicy.Demand(Person(role), permission, s_project);
            }
            else
            {
                Assert.Equal(RefusalKind.Forbidden, Assert.Throws<RuleException>(() => AccessPolicy.Demand(Person(role), permission, s_project)).Kind);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Tokens))]
    public void May_Token_NeedsOneOfTheScopes(Permission permission, TokenScopes scopes)
    {
        foreach (TokenScopes scope in TokenScopeNames.All.Select(s => s.Scope))
        {
            Assert.Equal((scopes & scope) != TokenScopes.None, AccessPolicy.May(Token(scope), permission, s_project));
        }

        Assert.False(AccessPolicy.May(Token(TokenScopes.None), permission, s_project));
    }

    [Fact]
    public void Tables_Permissions_AreAllThere()
    {
        Assert.Equal(Enum.GetValues<Permission>().Order(), People.Select(r => (Permission)r[0]).Order());
        Assert.Equal(Enum.GetValues<Permission>().Order(), Tokens.Select(r => (Permission)r[0]).Order());
    }

    [Fact]
    public void May_ProjectPermissionWithoutAProject_IsAnErrorInTheCode() =>
        Assert.Throws<ArgumentNullException>(() => AccessPolicy.May(Person(Role.Owner), Permission.ViewWebhooks));

    [Fact]
    public void Demand_Stranger_FindsNothing()
    {
        foreach (Permission permission in Enum.GetValues<Permission>())
        {
            foreach (Role role in new[] { Role.Viewer, Role.Operator, Role.Admin })
            {
                Assert.False(AccessPolicy.May(Person(role, member: false), permission, s_project));

                // There is but one installation: nobody is a stranger to it, and its rules need no project.
                Assert.Equal(
                    AccessPolicy.IsOfInstallation(permission) ? RefusalKind.Forbidden : RefusalKind.NotFound,
                    Assert.Throws<RuleException>(() => AccessPolicy.Demand(Person(role, member: false), permission, s_project)).Kind
                );
            }

            Assert.True(AccessPolicy.May(Person(Role.Owner, member: false), permission, s_project));
            Assert.False(AccessPolicy.May(Token(TokenScopes.All), permission, Guid.CreateVersion7()));
        }
    }
}
