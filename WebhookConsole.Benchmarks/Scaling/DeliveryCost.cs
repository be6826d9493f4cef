using System.Globalization;
using Npgsql;

namespace WebhookConsole.Benchmarks.Scaling;

/// <summary>What one delivery costs a node and PostgreSQL, measured: one webhook, batches of events, each delivered at the first attempt.</summary>
/// <param name="WalBytes">Bytes of write-ahead log.</param>
/// <param name="WalImages">Of these, whole pages that a checkpoint makes necessary.</param>
/// <param name="RowVersions">Rows inserted and updated.</param>
/// <param name="HotShare">Share of the updates that touch no index.</param>
/// <param name="Commits">Transactions.</param>
/// <param name="StoredBytes">Growth of the database.</param>
/// <param name="NodeCpuUs">µs of processor time of the application.</param>
/// <param name="DbCpuUs">µs of processor time of PostgreSQL's processes; null where it does not run on this machine.</param>
/// <param name="Tables">Rows inserted, updated and removed, by table.</param>
internal sealed record DeliveryCost(
    double WalBytes,
    double WalImages,
    double RowVersions,
    double HotShare,
    double Commits,
    double StoredBytes,
    double NodeCpuUs,
    double? DbCpuUs,
    string Tables
)
{
    private const int WarmUp = 40_000;

    // A session that has become idle reports its counters at the latest then.
    private static readonly TimeSpan s_reported = TimeSpan.FromSeconds(12);

    public static async Task<DeliveryCost> MeasureAsync(string postgres, int events)
    {
        await using PostgresDatabase database = await PostgresDatabase.CreateAsync(postgres);
        using HttpClient http = new();
        await using Receiver.Host receiver = await Receiver.StartAsync(http);
        await using ConsoleProcess app = new(more: database.Settings);
        await app.StartAsync();
        await app.AddWebhooksAsync(1, receiver.Url, 100);
        long before = await Load.CountAsync(http, receiver.Url);
        await Load.PostBatchesAsync(app.Api, WarmUp);
        await Load.WaitAsync(http, receiver.Url, before + WarmUp);

        await Task.Delay(s_reported);

        // A checkpoint now makes sure that the whole pages written after it are part of what is measured.
        Counters start = await Counters.ReadAsync(database, checkpoint: true);
        TimeSpan cpu = app.Child.Cpu;
        await Load.PostBatchesAsync(app.Api, events);
        await Load.WaitAsync(http, receiver.Url, before + WarmUp + events);
        await database.WaitUntilAsync("SELECT COUNT(*) = 0 FROM deliveries WHERE status <> 2");
        double node = (app.Child.Cpu - cpu).TotalMicroseconds / events;

        await Task.Delay(s_reported);
        return (await Counters.ReadAsync(database, checkpoint: false)).Since(start, events, node);
    }

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            One delivery: {WalBytes:N0} bytes of write-ahead log ({WalImages:N0} of them whole pages), {RowVersions:0.00} row versions, {HotShare:P0} of the updates without an index, {Commits:0.000} transactions, {StoredBytes:N0} bytes of disk, {NodeCpuUs:0} µs of the node, {DbCpuUs?.ToString(
                "0",
                CultureInfo.InvariantCulture
            ) ?? "?"} µs of PostgreSQL.
            {Tables}
            """
        );

    private sealed record Counters(
        decimal Wal,
        long Images,
        long Commits,
        long Size,
        double? Cpu,
        Dictionary<string, (long Inserted, long Updated, long Hot, long Removed)> Rows
    )
    {
        public static async Task<Counters> ReadAsync(PostgresDatabase database, bool checkpoint)
        {
            await using NpgsqlConnection connection = await database.OpenAsync();
            await ScalarAsync(connection, checkpoint ? "CHECKPOINT" : "SELECT 1");
            decimal wal = (decimal)(await ScalarAsync(connection, "SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn"))!;
            long images = Convert.ToInt64(await ScalarAsync(connection, "SELECT wal_fpi FROM pg_stat_wal"), CultureInfo.InvariantCulture);
            long commits = (long)(await ScalarAsync(connection, "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"))!;
            long size = (long)(await ScalarAsync(connection, "SELECT pg_database_size(current_database())"))!;
            Dictionary<string, (long, long, long, long)> rows = new(StringComparer.Ordinal);
            double? cpu = (await PostgresDatabase.CpuAsync(connection))?.TotalMicroseconds;
            await using NpgsqlCommand command = new("SELECT relname, n_tup_ins, n_tup_upd, n_tup_hot_upd, n_tup_del FROM pg_stat_user_tables", connection);
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
            {
                rows[reader.GetString(0)] = (reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4));
            }

            return new Counters(wal, images, commits, size, cpu, rows);
        }

        public DeliveryCost Since(Counters start, double deliveries, double node)
        {
            var tables = Rows.Select(r =>
                {
                    (long inserted, long updated, long hot, long removed) = start.Rows.GetValueOrDefault(r.Key);
                    return (
                        r.Key,
                        Inserted: r.Value.Inserted - inserted,
                        Updated: r.Value.Updated - updated,
                        Hot: r.Value.Hot - hot,
                        Removed: r.Value.Removed - removed
                    );
                })
                .Where(t => t.Inserted + t.Updated + t.Removed > 0)
                .OrderByDescending(t => t.Inserted + t.Updated)
                .ToArray();
            long updates = tables.Sum(t => t.Updated);
            return new DeliveryCost(
                (double)(Wal - start.Wal) / deliveries,
                (Images - start.Images) * 8192 / deliveries,
                tables.Sum(t => t.Inserted + t.Updated) / deliveries,
                updates == 0 ? 0 : (double)tables.Sum(t => t.Hot) / updates,
                (Commits - start.Commits) / deliveries,
                (Size - start.Size) / deliveries,
                node,
                (Cpu - start.Cpu) / deliveries,
                string.Join(
                    '\n',
                    tables.Select(t =>
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"  {t.Key, -22} {t.Inserted / deliveries, 6:0.000} inserted {t.Updated / deliveries, 6:0.000} updated ({t.Hot / deliveries:0.000} without an index) {t.Removed / deliveries, 6:0.000} removed"
                        )
                    )
                )
            );
        }

        private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
        {
            await using NpgsqlCommand command = new(sql, connection);
            return await command.ExecuteScalarAsync();
        }
    }
}
