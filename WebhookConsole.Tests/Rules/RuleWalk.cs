using System.Net;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using WebhookConsole.Data.Store;
using WebhookConsole.Deliveries;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;
using WebhookConsole.Domain.Rules;
using WebhookConsole.Inbox;
using WebhookConsole.People;
using WebhookConsole.Tests.Support;
using WebhookConsole.Tokens;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Rules;

/// <summary>A running application with two projects, and with people and tokens of every kind.</summary>
public sealed class RuleWalk : IAsyncLifetime
{
    public const string Password = "correct horse battery staple";
    public const string OtherSlug = "elsewhere";

    public static readonly Role[] Roles = Enum.GetValues<Role>();

    private readonly Dictionary<(Role Role, bool Member), Guid> _ids = [];

    public TestApp App { get; private set; } = null!;

    public Guid ProjectId { get; private set; }

    public Guid OtherId { get; private set; }

    /// <summary>One of everything in the default project, by the names that parameters of commands and pages have.</summary>
    public IReadOnlyDictionary<string, Guid> Own { get; private set; } = new Dictionary<string, Guid>();

    /// <summary>The same in the other project.</summary>
    public IReadOnlyDictionary<string, Guid> Theirs { get; private set; } = new Dictionary<string, Guid>();

    /// <summary>All routes that the application has.</summary>
    public IReadOnlyList<RouteEndpoint> Routes => [.. App.Get<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()];

    public async Task InitializeAsync()
    {
        App = await TestApp.StartAsync(new TestAppSetup { Settings = new Dictionary<string, string?> { ["Secrets:Reveal"] = "AdminsMayReveal" } });
        ProjectId = await App.ProjectIdAsync();
        OtherId = Ids.New(DateTimeOffset.UnixEpoch);
        await App.QueryAsync(db =>
        {
            db.Projects.Add(
                new Project
                {
                    Id = OtherId,
                    Slug = OtherSlug,
                    Name = "Elsewhere",
                    CreatedAt = DateTimeOffset.UnixEpoch,
                }
            );
            return db.SaveChangesAsync();
        });
        foreach (Role role in Roles)
        {
            foreach (bool member in new[] { true, false })
            {
                _ids[(role, member)] = (
                    await App.Get<UserService>().AddAsync(Actor.System, EmailOf(role, member), Password, role, member ? ProjectId : OtherId)
                ).Id;
            }
        }

        Own = await FillAsync(ProjectId);
        Theirs = await FillAsync(OtherId);
    }

    public async Task DisposeAsync() => await App.DisposeAsync();

    public static string EmailOf(Role role, bool member) => $"{role}-{(member ? "member" : "stranger")}@example.com";

    public async Task<FormBrowser> SignedInAsync(Role role, bool member)
    {
        FormBrowser browser = new(App.Address);
        await browser.SignInAsync(EmailOf(role, member), Password);
        Assert.NotEqual("/account/login", browser.Url.AbsolutePath);
        return browser;
    }

    /// <summary>A person of the role, who has an account and belongs to the default project, or to the other one only.</summary>
    public Actor Person(Role role, bool member) =>
        new()
        {
            Kind = ActorKind.User,
            Id = _ids[(role, member)],
            Name = EmailOf(role, member),
            Role = role,
            Projects = new HashSet<Guid> { member ? ProjectId : OtherId },
        };

    public Actor Token(TokenScopes scopes, bool member) =>
        new()
        {
            Kind = ActorKind.Token,
            Id = Guid.CreateVersion7(),
            Name = scopes.ToString(),
            Scopes = scopes,
            Projects = new HashSet<Guid> { member ? ProjectId : OtherId },
        };

    private async Task<IReadOnlyDictionary<string, Guid>> FillAsync(Guid projectId)
    {
        Actor actor = Actor.System;
        CreatedWebhook webhook = await App.Get<WebhookService>()
            .CreateAsync(
                actor,
                projectId,
                new WebhookDraft
                {
                    Name = "theirs",
                    Url = "http://127.0.0.1:9/",
                    RetrySchedule = "none",
                },
                verify: false,
                secretText: null
            );
        StoredEvent posted = (await App.Get<EventIntake>().PostAsync(actor, projectId, [new PostedEvent("order.created", "{}"u8.ToArray(), null)]))[0];
        Guid delivery = default;
        await Eventually.TrueAsync(async () =>
            (
                delivery = await App.QueryAsync(db =>
                    db.Deliveries.Where(d => d.EventId == posted.EventId && d.Status == DeliveryStatus.Failed).Select(d => d.Id).FirstOrDefaultAsync()
                )
            ) != default
        );
        InboxEndpoint inbox = await App.Get<InboxService>().CreateAsync(actor, projectId, "theirs");
        using (StringContent body = new("{}"))
        using (HttpResponseMessage answer = await App.Client.PostAsync("/" + InboxService.PathOf(inbox), body))
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        Guid request = (await App.Get<InboxService>().ListRequestsAsync(actor, projectId, inbox.Id, CancellationToken.None))[0].Id;
        IssuedToken token = await App.Get<ApiTokenService>().CreateAsync(actor, projectId, "theirs", TokenScopes.All, null);
        Recovery recovery = await App.Get<RecoveryService>().StartAsync(actor, projectId, new RecoveryRequest { DeliveryIds = [delivery] });

        // Its attempt would otherwise come while a test looks whether anything has changed.
        await Eventually.TrueAsync(() => App.QueryAsync(db => db.Recoveries.AnyAsync(r => r.Id == recovery.Id && r.Status == RecoveryStatus.Completed)));
        return new Dictionary<string, Guid>(StringComparer.OrdinalIgnoreCase)
        {
            ["webhookId"] = webhook.Webhook.Id,
            ["eventId"] = posted.EventId,
            ["deliveryId"] = delivery,
            ["inboxId"] = inbox.Id,
            ["requestId"] = request,
            ["tokenId"] = token.Token.Id,
            ["recoveryId"] = recovery.Id,
        };
    }

    /// <summary>The address of a route in the default project.</summary>
    /// <param name="ids">Of what its parameters name; nothing has the others.</param>
    public static string AddressOf(RouteEndpoint route, IReadOnlyDictionary<string, Guid> ids)
    {
        string path = "";
        foreach (RoutePatternPathSegment segment in route.RoutePattern.PathSegments)
        {
            string part = string.Concat(
                segment.Parts.Select(p =>
                    p switch
                    {
                        RoutePatternLiteralPart literal => literal.Content,
                        RoutePatternParameterPart { IsOptional: true } => "",
                        RoutePatternParameterPart { Name: "project" or "projectId" or "ProjectSlug" } => "default",
                        RoutePatternParameterPart { Name: "documentName" } => "v1",
                        RoutePatternParameterPart { Name: "TypeName" } => "order.created",
                        RoutePatternParameterPart named when ids.TryGetValue(named.Name, out Guid id) => id.ToString(),
                        RoutePatternParameterPart => "019a0000-0000-7000-8000-000000000001",
                        _ => throw new InvalidOperationException($"What stands for {p}?"),
                    }
                )
            );
            path += part.Length == 0 ? "" : "/" + part;
        }

        return path.Length == 0 ? "/" : path;
    }

    /// <summary>What the rule says of an actor in the default project: 404 for a stranger, 403 for who may not, else OK.</summary>
    public HttpStatusCode Expected(Actor actor, Permission permission) =>
        !AccessPolicy.IsOfInstallation(permission) && !actor.IsMember(ProjectId) ? HttpStatusCode.NotFound
        : AccessPolicy.May(actor, permission, ProjectId) ? HttpStatusCode.OK
        : HttpStatusCode.Forbidden;
}
