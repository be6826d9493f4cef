using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using WebhookConsole.Configuration;
using WebhookConsole.Data;
using WebhookConsole.Deliveries;
using WebhookConsole.Domain;

namespace WebhookConsole.Benchmarks.History;

/// <summary>
/// Reads a history of five million deliveries through the service that page and API use: the first page, every combination of filters, a page
/// deep in the list, each kind of search, and a search in payloads up to its bound.
/// </summary>
internal static class HistoryRun
{
    public const int PageSize = 50;

    private const double Goal = 50;

    public static async Task<int> RunAsync(Options options)
    {
        int deliveries = options.Take("deliveries", 5_000_000);
        string? keep = options.TakeText("folder");
        DatabaseChoice choice = DatabaseChoice.Of(options);
        options.DemandAllTaken();
        await using BenchDatabase? database = await choice.CreateAsync();
        if (database is not null && keep is not null)
        {
            throw new ArgumentException("--folder keeps a SQLite file; a PostgreSQL database is dropped at the end.", nameof(options));
        }

        string folder = keep is null ? Directory.CreateTempSubdirectory("webhookconsole-history-").FullName : Directory.CreateDirectory(keep).FullName;
        try
        {
            await using ServiceProvider services = Build(folder, database);
            HistoryFacts facts = HistoryFacts.TryRead(folder) ?? await WriteAsync(services, HistoryFacts.New(deliveries), folder, database);
            return await MeasureAsync(services.GetRequiredService<DeliveryQueries>(), facts, choice.Name);
        }
        finally
        {
            if (keep is null)
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    /// <summary>Writes such a history into a folder, for other runs.</summary>
    public static async Task WriteAsync(string folder, int deliveries)
    {
        await using ServiceProvider services = Build(folder, null);
        await WriteAsync(services, HistoryFacts.New(deliveries), folder, null);
    }

    private static async Task<HistoryFacts> WriteAsync(ServiceProvider services, HistoryFacts planned, string folder, BenchDatabase? database)
    {
        await services.GetRequiredService<DatabaseStartup>().MigrateAsync(CancellationToken.None);
        HistorySeed seed = new(planned);
        Stopwatch watch = Stopwatch.StartNew();
        using HistoryTables tables = database is null
            ? new SqliteHistory(Path.Combine(folder, "webhookconsole.db"))
            : new PostgresHistory(database.ConnectionString);
        HistoryFacts facts = seed.Write(tables);
        long size = tables.Finish();
        await AddCatalogueAsync(services, facts, seed);
        facts.Write(folder);
        Console.WriteLine(Text($"{facts.Deliveries:N0} deliveries written in {watch.Elapsed.TotalSeconds:0} s, {size / 1e9:0.0} GB"));
        return facts;
    }

    private static async Task<int> MeasureAsync(DeliveryQueries queries, HistoryFacts facts, string database)
    {
        HistoryTimer timer = new(queries, facts.Project);
        double first = await timer.ShowAsync("first page", new DeliveryFilter());
        double deep = await timer.ShowAsync("page in the middle", new DeliveryFilter(), Ids.Floor(facts.End - (HistoryFacts.Span / 2)));
        double filters = 0;
        foreach ((string name, DeliveryFilter filter) in FilterCases.Single(facts))
        {
            filters = Math.Max(filters, await timer.ShowAsync(name, filter));
        }

        List<Measured> all = [];
        foreach (DeliveryFilter filter in FilterCases.All(facts))
        {
            all.Add(await timer.TimeAsync(filter));
        }

        Measured[] slowest = [.. all.OrderByDescending(m => m.Milliseconds).Take(5)];
        Console.WriteLine(
            Text(
                $"all {all.Count} combinations: p50 {At(all, 0.5):0.0} ms, p99 {At(all, 0.99):0.0} ms, slowest {slowest[0].Milliseconds:0.0} ms, most processor time {all.Max(m => m.Processor):0.0} ms; {all.Count(m => m.Over)} over {Goal} ms; {all.Count(m => m.Searched > 0 && m.More)} go on in steps"
            )
        );
        foreach (Measured slow in slowest)
        {
            Console.WriteLine(
                Text($"  {slow.Milliseconds, 8:0.0} ms, {slow.Processor:0.0} of the processor  {slow.Rows} rows, {slow.Searched:N0} looked at  {slow.Filter}")
            );
        }

        double searches = 0;
        foreach ((string name, string text) in FilterCases.Searches(facts))
        {
            searches = Math.Max(searches, await timer.ShowAsync(name, new DeliveryFilter { Search = text }));
        }

        PayloadResult payload = await timer.SearchPayloadsAsync(
            new DeliveryFilter { Search = "customer.email = nobody@example.com", Since = facts.Start },
            facts.Deliveries
        );
        bool held = payload.Held && slowest[0].Milliseconds <= Goal && first <= Goal && deep <= Goal && filters <= Goal && searches <= Goal;
        Console.WriteLine(
            Text(
                $"RESULT history database={database} deliveries={facts.Deliveries} first_page={first:0.0}ms deep_page={deep:0.0}ms slowest_filter={filters:0.0}ms combinations={all.Count} slowest_combination={slowest[0].Milliseconds:0.0}ms most_processor={all.Max(m => m.Processor):0.0}ms over_goal={all.Count(m => m.Over)} slowest_search={searches:0.0}ms payload_searched={payload.Searched} payload_seconds={payload.Seconds:0.0} payload_longest_step={payload.LongestStep:0.0}ms payload_bound_held={payload.Held} goal={Goal}ms met={held}"
            )
        );
        return 0;
    }

    private static double At(List<Measured> all, double share) => all.Select(m => m.Milliseconds).Order().ElementAt((int)(share * (all.Count - 1)));

    private static async Task AddCatalogueAsync(ServiceProvider services, HistoryFacts facts, HistorySeed seed)
    {
        await using ConsoleDbContext db = await services.GetRequiredService<IDbContextFactory<ConsoleDbContext>>().CreateDbContextAsync();
        DateTimeOffset start = facts.Start;
        db.Projects.Add(
            new Project
            {
                Id = facts.Project,
                Slug = "history",
                Name = "History",
                CreatedAt = start,
            }
        );
        for (int i = 0; i < HistoryFacts.Webhooks; i++)
        {
            db.Webhooks.Add(
                new Webhook
                {
                    Id = facts.WebhookIds[i],
                    ProjectId = facts.Project,
                    Name = Text($"webhook {i}"),
                    Url = "https://hooks.example/",
                    Enabled = true,
                    Verified = true,
                    CreatedAt = start,
                    UpdatedAt = start,
                }
            );
        }

        foreach (string type in HistoryFacts.TypeNames)
        {
            db.EventTypes.Add(
                new EventType
                {
                    ProjectId = facts.Project,
                    Name = type,
                    CreatedAt = start,
                }
            );
        }

        db.WebhookQuarters.AddRange(seed.Quarters);
        await db.SaveChangesAsync();
    }

    private static ServiceProvider Build(string folder, BenchDatabase? database)
    {
        Dictionary<string, string?> settings = new(StringComparer.Ordinal) { ["Storage:Directory"] = folder };
        if (database is not null)
        {
            settings["Storage:Provider"] = "PostgreSql";
            settings["Storage:ConnectionString"] = database.ConnectionString;
        }

        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        services.AddLogging();
        services.AddConfiguration();
        services.AddData();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<DeliveryQueries>();
        services.Configure<Microsoft.AspNetCore.Identity.IdentityOptions>(identity =>
            identity.Stores.SchemaVersion = Microsoft.AspNetCore.Identity.IdentitySchemaVersions.Version3
        );
        return services.BuildServiceProvider();
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
