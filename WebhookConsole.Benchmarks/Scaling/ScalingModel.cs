using System.Globalization;

namespace WebhookConsole.Benchmarks.Scaling;

/// <summary>One thing that can run out.</summary>
/// <param name="Name">What.</param>
/// <param name="Used">How much of it a load needs.</param>
/// <param name="Capacity">How much there is.</param>
/// <param name="Unit">Of both.</param>
internal sealed record Bound(string Name, double Used, double Capacity, string Unit)
{
    public double Share => Used / Capacity;

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Name, -28} {Used, 12:N1} of {Capacity, 10:N1} {Unit, -16} {Share, 8:P0}");
}

/// <summary>Computes from the costs of one delivery what a load needs. Nodes are not a bound: there can be more of them.</summary>
internal sealed class ScalingModel(ScalingInputs inputs)
{
    /// <summary>Nodes for a load: by their processor and by their network, whichever needs more, and one to spare.</summary>
    public double Nodes(double deliveries)
    {
        double processor = deliveries * inputs.NodeCpuUs / 1e6 / (inputs.NodeCores * inputs.NodeShare);

        // A delivery comes in once per event and goes out with its headers; its row goes to the database.
        double bytes = deliveries * ((inputs.PayloadBytes * (1 + (1 / inputs.FanOut))) + 1200);
        return Math.Ceiling(Math.Max(processor, bytes / 1e6 / (inputs.NodeMegabytes * inputs.NodeShare))) + 1;
    }

    /// <summary>What the nodes share, in the order in which it runs out.</summary>
    public IReadOnlyList<Bound> Shared(double deliveries)
    {
        double attempts = 1 + inputs.FailedShare;
        return
        [
            .. new Bound[]
            {
                new("lane starts", LaneSimulation.Run(inputs, deliveries).Starts, inputs.LaneStarts, "/s"),
                new("database processor", deliveries * attempts * inputs.DbCpuUs / 1e6, inputs.DbCores * inputs.DbShare, "cores"),
                new("write-ahead log", deliveries * attempts * inputs.WalBytes / 1e6, inputs.WalMegabytes, "MB/s"),
                new("history on disk", deliveries * 86_400 * inputs.Days * inputs.StoredBytes / 1e12, inputs.DiskTerabytes, "TB"),
            }.OrderByDescending(b => b.Share),
        ];
    }

    /// <summary>Row versions that the database writes in a second, which vacuum has to keep up with.</summary>
    public double RowVersions(double deliveries) => deliveries * (1 + inputs.FailedShare) * inputs.RowVersions;

    /// <summary>
    /// Seconds until every lane of a node that died runs again, beside what starts anyway; infinite when the scheduler cannot keep up with
    /// that alone.
    /// </summary>
    public double TakeOver(double deliveries)
    {
        (double starts, double running) = LaneSimulation.Run(inputs, deliveries);
        double free = inputs.LaneStarts - starts;
        return free <= 0 ? double.PositiveInfinity : inputs.LeaseSeconds + (running / Nodes(deliveries) / free);
    }
}
