using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Tokens;

namespace WebhookConsole.People;

/// <summary>First run: roles, the default project with example event types, and the first owner (specification §2).</summary>
public sealed class SetupService(
    IDbContextFactory<ConsoleDbContext> contexts,
    UnitOfWork work,
    DatabaseStartup startup,
    UserService users,
    ApiTokenService tokens,
    IOptions<SetupOptions> options,
    IOptions<ClusterOptions> cluster,
    TimeProvider clock
)
{
    private static readonly (string Name, string Description, string Payload)[] s_exampleTypes =
    [
        ("order.created", "A customer placed an order.", """{"orderId":"ord_1001","customer":"Ada Lovelace","total":129.90,"currency":"EUR"}"""),
        ("order.paid", "The payment for an order arrived.", """{"orderId":"ord_1001","method":"card","paidAt":"2026-01-15T09:30:00Z"}"""),
        ("incident.created", "An incident was opened.", """{"incidentId":"inc_42","severity":"high","title":"Checkout is slow"}"""),
        ("incident.resolved", "An incident was resolved.", """{"incidentId":"inc_42","resolvedBy":"on-call","minutes":37}"""),
    ];

    private string? _code;

    /// <summary>True while there is no owner and the set-up page is open.</summary>
    public bool IsOpen
    {
        get
        {
            if (Volatile.Read(ref _code) is not null && startup.HasOwner())
            {
                // The owner was made elsewhere. From here on the link is worth nothing, whatever becomes of the owner.
                Volatile.Write(ref _code, null);
            }

            return Volatile.Read(ref _code) is not null;
        }
    }

    /// <summary>Prepares the database; creates the owner and token of an unattended installation.</summary>
    /// <returns>The code of the set-up link, or null when there is an owner.</returns>
    public async Task<string?> PrepareAsync(CancellationToken cancellationToken)
    {
        // The first owner came after everything else, so where there is one, nothing is missing.
        if (startup.HasOwner())
        {
            return null;
        }

        Guid projectId = await EnsureBasicsAsync(cancellationToken);
        SetupOptions setup = options.Value;
        if (setup.ApiToken is not null)
        {
            await tokens.ImportAsync(projectId, "Set-up", setup.ApiToken);
        }

        if (setup is { OwnerEmail: not null, OwnerPassword: not null })
        {
            await users.AddAsync(Actor.System, setup.OwnerEmail, setup.OwnerPassword, Role.Owner, projectId);
            return null;
        }

        _code = Convert.ToHexStringLower(NewCode());
        return _code;
    }

    /// <summary>Makes the first owner, once.</summary>
    /// <exception cref="RuleException">The code is wrong, there is an owner already, or the address or password is refused.</exception>
    public async Task CompleteAsync(string? code, string email, string password, string? remoteAddress)
    {
        if (!IsOpen || _code is not { } expected)
        {
            throw Done();
        }

        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(code ?? "")))
        {
            throw RuleException.Invalid("code", "This is not the code in the log. Open the newest set-up link that the application printed.");
        }

        await using ConsoleDbContext db = await contexts.CreateDbContextAsync();
        Guid projectId = (await FirstProjectAsync(db, CancellationToken.None))!.Id;
        Actor actor = Actor.System with { Name = "Set-up", RemoteAddress = remoteAddress };
        await users.AddAsync(actor, email, password, Role.Owner, projectId, DemandNoOwnerAsync);
        _code = null;
    }

    // The transaction is serializable: of two that find no owner and add one, the database lets only one commit.
    private static async Task DemandNoOwnerAsync(ConsoleDbContext db)
    {
        if (await PeopleQueries.Owners(db).AnyAsync())
        {
            throw Done();
        }
    }

    private static RuleException Done() => RuleException.Conflict("setup_done", "This installation already has an owner. Sign in instead.");

    // A link from one node is valid on whichever node it leads to.
    private byte[] NewCode() =>
        cluster.Value is { Enabled: true, Key: { } key }
            ? HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), "set-up link"u8)[..16]
            : RandomNumberGenerator.GetBytes(16);

    private Task<Guid> EnsureBasicsAsync(CancellationToken cancellationToken) =>
        work.RunAsync(
            async db =>
            {
                DateTimeOffset now = clock.GetUtcNow();
                string[] roles = [.. Enum.GetNames<Role>().Except(await db.Roles.Select(r => r.Name!).ToListAsync(cancellationToken))];
                db.Roles.AddRange(roles.Select(r => new IdentityRole<Guid>(r) { Id = Ids.New(now), NormalizedName = r.ToUpperInvariant() }));
                Project? project = await FirstProjectAsync(db, cancellationToken);
                if (project is null)
                {
                    project = new Project
                    {
                        Id = Ids.New(now),
                        Slug = Project.DefaultSlug,
                        Name = "Default",
                        CreatedAt = now,
                    };
                    db.Projects.Add(project);
                    db.EventTypes.AddRange(
                        s_exampleTypes.Select(t => new EventType
                        {
                            ProjectId = project.Id,
                            Name = t.Name,
                            Description = t.Description,
                            ExamplePayload = t.Payload,
                            CreatedAt = now,
                        })
                    );
                }

                return project.Id;
            },
            cancellationToken
        );

    // The default project may have been deleted; then there is another.
    private static async Task<Project?> FirstProjectAsync(ConsoleDbContext db, CancellationToken cancellationToken) =>
        await db.Projects.Where(p => p.DeletedAt == null).OrderBy(p => p.Slug != Project.DefaultSlug).ThenBy(p => p.Id).FirstOrDefaultAsync(cancellationToken);
}
