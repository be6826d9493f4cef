using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.CommandLine;
using WebhookConsole.Declarations;
using WebhookConsole.Declarations.Reading;
using WebhookConsole.Domain;
using WebhookConsole.Tests.Support;
using WebhookConsole.Webhooks;

namespace WebhookConsole.Tests.Declarations;

/// <summary>Set-up as a file: applied by the rules of page and API, once, and audited (specification §13).</summary>
public sealed class DeclarationTests
{
    private const string File = """
        version: 1
        projects:
          - slug: default
            name: Shop
            eventTypes:
              - name: order.created
                description: An order.
                example: '{"orderId": 1}'
              - name: order.lost
                example: {"n": [1, 2]}
                deprecated: true
            webhooks:
              - name: Billing
                url: https://billing.example.com/hook
                eventTypes: [order.created, "order.*"]
                format: body-hex
                signatureHeader: X-Shop-Signature
                retrySchedule: [5, 300]
                rateLimitPerSecond: 10
              - name: Audit
                url: https://audit.example.com/
                enabled: false
          - slug: second
            webhooks: []
        """;

    [Theory]
    [OnSqlite]
    [OnPostgres]
    public async Task Apply_File_MakesWhatItSaysOnceAndIsAudited(DatabaseKind kind)
    {
        await using TestDatabase database = kind == DatabaseKind.Sqlite ? TestDatabase.Sqlite() : await TestDatabase.PostgresAsync();
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Database = database });
        DeclarationPlan plan = await ApplyAsync(app, File);
        Assert.Contains("Create project 'second' with the name 'second'.", Texts(plan));
        Assert.Contains("Create webhook 'Billing' for order.created order.* to https://billing.example.com/hook.", Texts(plan));
        Assert.Equal(["Billing", "Audit"], plan.Projects.SelectMany(p => p.Changes).Select(c => c.NewSecretOf).OfType<string>());

        JsonElement billing = (await app.GetAsync("webhooks")).Json.Items("items").Single(w => w.Text("name") == "Billing");
        Assert.Equal(
            ("X-Shop-Signature", "[5,300]", 10),
            (billing.Text("signatureHeader"), billing.GetProperty("retrySchedule").GetRawText(), billing.GetProperty("rateLimitPerSecond").GetInt32())
        );
        Guid project = await app.ProjectIdAsync();
        Assert.Equal(2, (await app.Get<SecretService>().ListClaimableAsync(CommandRunner.Actor, project, default)).Count);
        Assert.Equal("Shop", await app.QueryAsync(db => db.Projects.Where(p => p.Id == project).Select(p => p.Name).SingleAsync()));
        List<AuditEntry> audit = await app.QueryAsync(db => db.AuditEntries.Where(e => e.ActorName == "Command line").ToListAsync());
        Assert.Equal(2, audit.Count(e => e.Action == AuditActions.WebhookCreated && e.ProjectId == project));
        Assert.Single(audit, e => e.Action == AuditActions.ProjectCreated);

        Assert.Empty(Texts(await ApplyAsync(app, File)));
        Assert.Equal(audit.Count, await app.QueryAsync(db => db.AuditEntries.CountAsync(e => e.ActorName == "Command line")));
    }

    [Fact]
    public async Task Apply_Export_ChangesNothing()
    {
        await using TestApp app = await TestApp.StartAsync();
        await ApplyAsync(app, File);
        await app.CreateWebhookAsync(
            "https://odd.example.com/ä?x=1",
            new[] { 1, 86400 },
            "no: \"quoted\" # ' \\ ünï",
            new
            {
                description = "line one\n  line two\ttab\r\n- *not* an &alias: !tag ",
                headers = new Dictionary<string, string> { ["X-Key"] = "secret-header-value" },
                eventTypes = new[] { "true", "null", "1.5" },
            }
        );
        await app.CreateWebhookAsync("https://null.example.com/", name: "null");
        (
            await app.PostAsync(
                "event-types",
                new
                {
                    name = "odd",
                    example = "a text",
                    description = "~",
                }
            )
        ).Expect(System.Net.HttpStatusCode.Created);
        await app.PostEventAsync("only.seen");

        string exported = await ExportAsync(app);
        Assert.Empty(Texts(await PlanAsync(app, exported, prune: true)));
        Assert.DoesNotContain("secret-header-value", exported, StringComparison.Ordinal);
        Assert.DoesNotContain("whsec_", exported, StringComparison.Ordinal);
        Assert.DoesNotContain("only.seen", exported, StringComparison.Ordinal);
        Assert.Contains("X-Key", exported, StringComparison.Ordinal);

        // In an empty installation it makes the same.
        await using TestApp other = await TestApp.StartAsync();
        await ApplyAsync(other, exported, prune: true);
        Assert.Equal(WithoutComments(exported), WithoutComments(await ExportAsync(other)));
    }

    [Fact]
    public async Task Apply_Differences_ChangeOnlyWhatIsMentioned()
    {
        await using TestApp app = await TestApp.StartAsync();
        await ApplyAsync(app, File);
        DeclarationPlan plan = await ApplyAsync(
            app,
            """
            { "version": 1, "projects": [ { "slug": "default", "webhooks": [ { "name": "Billing", "url": "https://new.example.com/", "enabled": false } ] } ] }
            """
        );
        Assert.Equal(["Change webhook 'Billing': url from 'https://billing.example.com/hook' to 'https://new.example.com/'; disabled."], Texts(plan));
        Assert.Contains("webhook 'Audit'", Assert.Single(plan.Projects[0].Notes), StringComparison.Ordinal);
        JsonElement billing = (await app.GetAsync("webhooks")).Json.Items("items").Single(w => w.Text("name") == "Billing");
        Assert.Equal(("body-hex", "disabled"), (billing.Text("format"), billing.Text("state")));
    }

    [Fact]
    public async Task Apply_OperationsWebhook_IsMadeExportedAndStaysOne()
    {
        const string Operations = """
            version: 1
            projects:
              - slug: default
                name: Default
                webhooks:
                  - name: Pager
                    url: https://pager.example.com/
                    scope: operations
                    eventTypes: [webhook.*]
            """;
        await using TestApp app = await TestApp.StartAsync();
        Assert.Contains("Create webhook 'Pager' for the operational events webhook.* to https://pager.example.com/.", Texts(await ApplyAsync(app, Operations)));
        Assert.Equal("operations", Assert.Single((await app.GetAsync("webhooks")).Json.Items("items")).Text("scope"));
        Assert.Empty(Texts(await ApplyAsync(app, await ExportAsync(app))));

        DeclarationPlan plan = await PlanAsync(app, Operations.Replace("scope: operations", "scope: events", StringComparison.Ordinal));
        DocumentProblem changed = Assert.Single(plan.Problems);
        Assert.Equal(
            (8, 16, "scope: The scope of a webhook cannot be changed. Create a new webhook instead."),
            (changed.Line, changed.Column, changed.Message)
        );
        plan = await PlanAsync(app, Operations.Replace("scope: operations", "scope: all", StringComparison.Ordinal));
        Assert.Contains(plan.Problems, p => p is { Line: 8, Column: 16, Message: "'scope' is one of events, operations." });
    }

    [Fact]
    public async Task Apply_Prune_DeletesWhatAListLeavesOutAndNothingElse()
    {
        await using TestApp app = await TestApp.StartAsync();
        await ApplyAsync(app, File);
        DeclarationPlan plan = await ApplyAsync(
            app,
            """
            version: 1
            projects:
              - slug: default
                webhooks:
                  - name: Audit
            """,
            prune: true
        );
        Assert.Equal("Delete webhook 'Billing': its secrets are destroyed and its pending deliveries cancelled.", Assert.Single(Texts(plan)));
        Assert.Single((await app.GetAsync("webhooks")).Json.Items("items"));
        Assert.Contains((await app.GetAsync("event-types")).Json.Items("items"), t => t.Text("name") == "order.lost");
    }

    [Fact]
    public async Task Apply_WebhookThatWasDisabledByFailures_LeavesItSo()
    {
        await using TestApp app = await TestApp.StartAsync();
        await ApplyAsync(app, File);
        await app.QueryAsync(db =>
            db.Webhooks.Where(w => w.Name == "Billing")
                .ExecuteUpdateAsync(s => s.SetProperty(w => w.Enabled, false).SetProperty(w => w.AutoDisabledAt, DateTimeOffset.UnixEpoch))
        );
        DeclarationPlan plan = await PlanAsync(app, File);
        Assert.Empty(Texts(plan));
        Assert.Contains(plan.Projects[0].Notes, n => n.Contains("stays disabled", StringComparison.Ordinal));
        Assert.Empty(Texts(await PlanAsync(app, await ExportAsync(app), prune: true)));
    }

    [Fact]
    public async Task Plan_EveryMistake_IsToldAtOnceWithItsPlace()
    {
        await using TestApp app = await TestApp.StartAsync();
        DeclarationPlan plan = await PlanAsync(
            app,
            """
            version: 1
            project: []
            projects:
              - slug: default
                webhook: []
                eventTypes:
                  - name: not a type
                  - example: {"a": }
                webhooks:
                  - name: A
                    url: http://10.0.0.1/
                    formt: svix
                    format: standrd
                    retrySchedule: often
                    maxInFlight: many
                    enabled: yes
                    eventTypes: []
                  - name: A
                    url: https://example.com/
                    eventTypes:
              - slug: Not A Slug
              - slug: default
              - default
            """
        );
        string[] expected =
        [
            "2,1: 'project' is not a member of a set-up file. Did you mean 'projects'?",
            "5,5: 'webhook' is not a member of a project. Did you mean 'webhooks'?",
            "7,15: An event type is 1–128",
            "8,9: 'name' is missing.",
            "11,14: url: ",
            "12,9: 'formt' is not a member of a webhook. Did you mean 'format'?",
            "13,17: 'format' is one of standard, svix, body-hex, timestamped-hex. Did you mean 'standard'?",
            "14,24: retrySchedule: A retry schedule is",
            "15,22: 'maxInFlight' is a whole number.",
            "16,18: 'enabled' is true or false.",
            "17,21: eventTypes: Choose at least one",
            "18,15: There is another webhook 'A' above.",
            "20,20: 'eventTypes' is empty; write '*'",
            "21,11: slug: Use 1–40 lower-case letters",
            "22,11: There is another slug 'default' above.",
            "23,5: Write a project as a map",
        ];
        string[] found = [.. plan.Problems.Select(p => $"{p.Line},{p.Column}: {p.Message}")];
        Assert.All(expected, e => Assert.Contains(found, f => f.StartsWith(e, StringComparison.Ordinal)));
        Assert.Empty(await app.QueryAsync(db => db.Webhooks.ToListAsync()));
    }

    [Fact]
    public async Task Apply_ChangeThatIsRefused_LeavesTheWholeProjectAsItWas()
    {
        await using TestApp app = await TestApp.StartAsync(
            new TestAppSetup { Settings = new Dictionary<string, string?> { ["Limits:WebhooksPerProject"] = "1" } }
        );
        RuleException refused = await Assert.ThrowsAsync<RuleException>(() => ApplyAsync(app, File));
        Assert.Equal("max_webhooks_reached", refused.Code);
        Assert.Empty(await app.QueryAsync(db => db.Webhooks.ToListAsync()));
        Assert.DoesNotContain(await app.QueryAsync(db => db.EventTypes.Select(t => t.Name).ToListAsync()), n => n == "order.lost");
        Assert.Empty(await app.QueryAsync(db => db.AuditEntries.Where(e => e.ActorName == "Command line").ToListAsync()));
    }

    [Fact]
    public async Task Apply_WebhookThatSomebodyHasChangedSince_IsRefused()
    {
        await using TestApp app = await TestApp.StartAsync();
        await ApplyAsync(app, File);
        DeclarationPlan plan = await PlanAsync(app, File.Replace("https://billing", "https://other", StringComparison.Ordinal));
        JsonElement billing = (await app.GetAsync("webhooks")).Json.Items("items").Single(w => w.Text("name") == "Billing");
        (await app.PatchAsync($"webhooks/{billing.Id()}", new { version = billing.GetProperty("version").GetInt32(), description = "mine" })).Expect(
            System.Net.HttpStatusCode.OK
        );
        RuleException refused = await Assert.ThrowsAsync<RuleException>(() =>
            app.Get<DeclarationService>().ApplyAsync(CommandRunner.Actor, plan.Projects[0], default)
        );
        Assert.Equal("stale_edit", refused.Code);
    }

    // The extra header is not in the file, so the note about it is missing in the copy.
    private static string WithoutComments(string text) =>
        string.Join('\n', text.Split('\n').Where(l => !l.TrimStart(' ', '-').StartsWith('#')).Select(l => l.Trim(' ', '-')));

    private static string[] Texts(DeclarationPlan plan) => [.. plan.Projects.SelectMany(p => p.Changes).Select(c => c.Text)];

    private static Task<DeclarationPlan> PlanAsync(TestApp app, string text, bool prune = false) =>
        app.Get<DeclarationService>().PlanAsync(CommandRunner.Actor, text, prune, default);

    private static Task<string> ExportAsync(TestApp app) => app.Get<DeclarationService>().ExportAsync(CommandRunner.Actor, null, default);

    private static async Task<DeclarationPlan> ApplyAsync(TestApp app, string text, bool prune = false)
    {
        DeclarationPlan plan = await PlanAsync(app, text, prune);
        Assert.Empty(plan.Problems);
        foreach (ProjectPlan project in plan.Projects)
        {
            await app.Get<DeclarationService>().ApplyAsync(CommandRunner.Actor, project, default);
        }

        return plan;
    }
}
