using Microsoft.EntityFrameworkCore;
using WebhookConsole.Accounts;
using WebhookConsole.Domain;
using WebhookConsole.People;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.People;

/// <summary>People of an application with an owner, as the rules ask for them.</summary>
internal static class TestPeople
{
    public const string Password = "correct horse battery staple";
    public const string Owner = "owner@example.com";

    public static TestAppSetup SetUp(TestDatabase? database = null, FakeClock? clock = null) =>
        new()
        {
            Database = database,
            Clock = clock,
            Settings = new Dictionary<string, string?> { ["Setup:OwnerEmail"] = Owner, ["Setup:OwnerPassword"] = Password },
        };

    /// <exception cref="RuleException">NotFound: nobody has this address.</exception>
    public static async Task<Actor> ActorAsync(this TestApp app, string email) =>
        await app.QueryAsync(db => ActorQuery.FindAsync(db, db.Users.Where(u => u.Email == email), "203.0.113.9", CancellationToken.None))
        ?? throw RuleException.NotFound("person");

    /// <summary>Invites by the owner and joins.</summary>
    public static async Task<Actor> JoinedAsync(this TestApp app, string email, Role role, params Guid[] projects)
    {
        PersonLink link = await app.Get<PeopleService>().InviteAsync(await app.ActorAsync(Owner), new Invitation(email, role, projects));
        await app.Get<PersonLinkService>().JoinAsync(link.Code, email.Split('@')[0], Password, null);
        return await app.ActorAsync(email);
    }

    /// <summary>Actions of a project's log, or of the installation's for null, that concern somebody; oldest first.</summary>
    public static Task<List<string>> AuditOfAsync(this TestApp app, Guid? project, Guid? target = null) =>
        app.QueryAsync(db =>
            db.AuditEntries.Where(a => a.ProjectId == project && (target == null || a.TargetId == target))
                .OrderBy(a => a.Sequence)
                .Select(a => a.Action)
                .ToListAsync()
        );
}
