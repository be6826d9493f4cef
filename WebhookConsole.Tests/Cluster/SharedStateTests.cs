using System.Data.Common;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using WebhookConsole.Configuration;
using WebhookConsole.Data;
using WebhookConsole.Domain;
using WebhookConsole.Live;
using WebhookConsole.People;
using WebhookConsole.Tests.Accounts;
using WebhookConsole.Tests.Support;
using WebhookConsole.Tokens;

namespace WebhookConsole.Tests.Cluster;

/// <summary>What nodes share, and what they tell each other.</summary>
public sealed class SharedStateTests
{
    [PostgresFact]
    public async Task Nodes_StartedTogetherOnAnEmptyServer_AllServe()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TwoNodes nodes = await TwoNodes.StartAsync(first: false, second: false);
        TestApp[] three = await Task.WhenAll(Enumerable.Range(1, 3).Select(i => nodes.StartNodeAsync($"node{i}")));

        await three[0].CreateWebhookAsync(receiver.Url);
        foreach (TestApp node in three)
        {
            await node.DeliveryAsync(await node.PostEventAsync(), "succeeded");
        }
    }

    [PostgresFact]
    public async Task SignIn_OnOneNode_CountsOnTheOther()
    {
        await using TwoNodes nodes = await TwoNodes.StartAsync(("Setup:OwnerEmail", AccountApp.Email), ("Setup:OwnerPassword", AccountApp.Password));
        using FormBrowser first = new(nodes.First.Address);
        await first.SignInAsync(AccountApp.Email, AccountApp.Password);
        using FormBrowser second = new(nodes.Second.Address);
        second.Cookies.Add(first.Cookies.GetAllCookies());

        await second.OpenAsync("/p/default");

        Assert.Equal("/p/default", second.Url.AbsolutePath);
    }

    [PostgresFact]
    public async Task SetUpLink_UsedOnTwoNodesAtOnce_MakesOneOwner()
    {
        await using TwoNodes nodes = await TwoNodes.StartAsync();
        string link = nodes.First.Log.Lines.Single(l => l.Contains("/setup?code=", StringComparison.Ordinal));
        string code = link[(link.IndexOf("code=", StringComparison.Ordinal) + 5)..].Trim();

        // The lock holds both back when they have found no owner and are about to write one.
        await using DbConnection connection = nodes.Database.Open();
        await using DbTransaction transaction = await connection.BeginTransactionAsync();
        await using DbCommand hold = connection.CreateCommand();
        hold.CommandText = "LOCK TABLE users IN SHARE MODE";
        await hold.ExecuteNonQueryAsync();
        Task<Exception?>[] people =
        [
            .. new[] { nodes.First, nodes.Second }.Select(
                (node, i) => Record.ExceptionAsync(() => node.Get<SetupService>().CompleteAsync(code, $"owner{i}@example.com", AccountApp.Password, null))
            ),
        ];
        await Eventually.TrueAsync(async () =>
            await CountAsync(nodes, "SELECT COUNT(*) FROM pg_locks WHERE relation = 'users'::regclass AND NOT granted") == 2
        );
        await transaction.CommitAsync();
        Exception?[] results = await Task.WhenAll(people);

        Exception late = Assert.Single(results, e => e is not null)!;
        Assert.Equal("This installation already has an owner. Sign in instead.", Assert.IsType<RuleException>(late).Message);
        Assert.Equal(1, await nodes.First.QueryAsync(db => db.Users.CountAsync()));
    }

    [PostgresFact]
    public async Task Token_RevokedOnOneNode_IsRefusedByTheOtherAtOnce()
    {
        await using TwoNodes nodes = await TwoNodes.StartAsync();
        (await nodes.Second.GetAsync("webhooks")).Expect(HttpStatusCode.OK);
        Guid project = await nodes.First.ProjectIdAsync();
        Guid token = await nodes.First.QueryAsync(db => db.ApiTokens.Select(t => t.Id).SingleAsync());

        await nodes.First.Get<ApiTokenService>().RevokeAsync(Actor.System, project, token);

        // Without the message, it would take half a minute.
        await Eventually.TrueAsync(
            async () => (await nodes.Second.GetAsync("webhooks")).Status == HttpStatusCode.Unauthorized,
            deadline: TimeSpan.FromSeconds(15)
        );
    }

    [PostgresFact]
    public async Task OpenPage_OnOneNode_SeesTheDeliveriesOfTheOther()
    {
        await using TwoNodes nodes = await TwoNodes.StartAsync();
        using ChangeSubscription page = nodes.Second.Get<ChangeFeed>().Subscribe(await nodes.Second.ProjectIdAsync());
        await nodes.First.PostEventAsync();

        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(10));
        while (!(await page.NextAsync(limit.Token)).Contains(ChangeKind.Deliveries))
        {
            // Something else has changed.
        }
    }

    [PostgresFact]
    public async Task Job_OfTheInstallation_IsTheDutyOfOneNode()
    {
        await using TwoNodes nodes = await TwoNodes.StartAsync();

        await Eventually.TrueAsync(async () => await CountAsync(nodes, "SELECT COUNT(*) FROM cluster_duties") == 5);

        Assert.Equal(2, await CountAsync(nodes, "SELECT COUNT(*) FROM cluster_nodes"));
    }

    [PostgresFact]
    public async Task KeysOfAProcessThatWasAlone_AreBroughtIntoTheCluster()
    {
        await using Receiver receiver = await Receiver.StartAsync();
        await using TwoNodes nodes = await TwoNodes.StartAsync(first: false, second: false);
        TestApp alone = await TestApp.StartAsync(new TestAppSetup { Database = nodes.Database });
        await alone.CreateWebhookAsync(receiver.Url);
        await alone.DisposeAsync();

        TestApp first = await nodes.StartNodeAsync("first", ("Storage:Directory", nodes.Database.Folder));
        TestApp second = await nodes.StartNodeAsync("second");
        await first.StopAsync();

        await second.DeliveryAsync(await second.PostEventAsync(), "succeeded");
    }

    [PostgresFact]
    public async Task Node_WithAnotherKey_IsRefusedInWords()
    {
        await using TwoNodes nodes = await TwoNodes.StartAsync(second: false);

        SettingsException refused = await Assert.ThrowsAsync<SettingsException>(() => nodes.StartNodeAsync("stranger", ("Cluster:Key", new string('x', 40))));

        Assert.Contains("Cluster:Key is not the key that the other nodes have", refused.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public Task ProcessAlone_BesideACluster_IsRefused() => RefusesAsync(first: "true", second: "false");

    [PostgresFact]
    public Task Node_BesideAProcessAlone_IsRefused() => RefusesAsync(first: "false", second: "true");

    private static async Task RefusesAsync(string first, string second)
    {
        await using TwoNodes nodes = await TwoNodes.StartAsync(first: false, second: false);
        await nodes.StartNodeAsync("first", ("Cluster:Enabled", first));

        DatabaseInUseException refused = await Assert.ThrowsAsync<DatabaseInUseException>(() => nodes.StartNodeAsync("second", ("Cluster:Enabled", second)));

        Assert.Contains("Cluster:Enabled", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<long> CountAsync(TwoNodes nodes, string question)
    {
        await using NpgsqlConnection connection = new(nodes.Database.ConnectionString);
        await connection.OpenAsync();
        await using NpgsqlCommand command = new(question, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
