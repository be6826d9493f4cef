using System.Globalization;

namespace WebhookConsole.Benchmarks.Scaling;

/// <summary>
/// Computes what an installation needs, from the costs of one delivery: how many nodes, how much database, and what runs out first as the
/// load grows. With <c>--postgres</c> it measures the costs first.
/// </summary>
internal static class ScalingRun
{
    private static readonly double[] s_loads = [10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000, 300_000];

    public static async Task<int> RunAsync(Options options)
    {
        ScalingInputs inputs = ScalingInputs.Read(options);
        string? postgres = options.TakeText("postgres");
        int events = options.Take("events", 40_000);
        options.DemandAllTaken();
        if (postgres is not null)
        {
            DeliveryCost cost = await DeliveryCost.MeasureAsync(postgres, events);
            Console.WriteLine(cost);
            inputs = inputs with
            {
                WalBytes = cost.WalBytes,
                RowVersions = cost.RowVersions,
                StoredBytes = cost.StoredBytes,
                DbCpuUs = cost.DbCpuUs ?? inputs.DbCpuUs,
                NodeCpuUs = cost.NodeCpuUs,
            };
        }

        Console.WriteLine("Inputs:");
        foreach (string line in inputs.Lines())
        {
            Console.WriteLine(line);
        }

        ScalingModel model = new(inputs);
        Console.WriteLine(Text($"\n{inputs.Webhooks:N0} webhooks:\n{"deliveries/s", 12} {"nodes", 6} {"take-over", 10}  what is used most"));
        string first = "";
        foreach (double load in s_loads)
        {
            IReadOnlyList<Bound> bounds = model.Shared(load);
            first = first.Length == 0 && bounds[0].Share > 1 ? Text($"{bounds[0].Name} between the load before and {load:N0}/s") : first;
            Console.WriteLine(
                Text(
                    $"{load, 12:N0} {model.Nodes(load), 6:0} {(model.TakeOver(load) is var s && double.IsInfinity(s) ? "behind" : s.ToString("N0", CultureInfo.InvariantCulture) + " s"), 10}  {string.Join(", ", bounds.Select(b => Text($"{b.Name} {b.Share:P0}")))}"
                )
            );
        }

        Console.WriteLine(
            Text(
                $"\nFor {inputs.Deliveries:N0} deliveries/s: {model.Nodes(inputs.Deliveries):0} nodes of {inputs.NodeCores:0} cores, {model.RowVersions(inputs.Deliveries):N0} row versions/s, and"
            )
        );
        IReadOnlyList<Bound> planned = model.Shared(inputs.Deliveries);
        foreach (Bound bound in planned)
        {
            Console.WriteLine("  " + bound);
        }

        Console.WriteLine(
            Text(
                $"RESULT scaling webhooks={inputs.Webhooks:0} deliveries={inputs.Deliveries:0} nodes={model.Nodes(inputs.Deliveries):0} {string.Join(' ', planned.Select(b => Text($"{b.Name.Replace(' ', '_')}={b.Share:0.00}")))} first=\"{(first.Length == 0 ? "nothing" : first)}\""
            )
        );
        return 0;
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
