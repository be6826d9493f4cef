using System.Globalization;

namespace WebhookConsole.Benchmarks;

/// <summary>What a run may be told.</summary>
/// <param name="Events">Events with one webhook; with twenty a tenth of it goes in, for twice the deliveries.</param>
/// <param name="RawRequests">Requests of the bare loop.</param>
/// <param name="InFlight">Requests under way at once: of the bare loop, and of each webhook.</param>
internal sealed record Options(int Events, int RawRequests, int InFlight)
{
    public static Options Parse(string[] args)
    {
        Options options = new(60_000, 60_000, 100);
        for (int i = 0; i + 1 < args.Length; i += 2)
        {
            int value = int.Parse(args[i + 1], CultureInfo.InvariantCulture);
            options = args[i] switch
            {
                "--events" => options with { Events = value },
                "--raw" => options with { RawRequests = value },
                "--in-flight" => options with { InFlight = value },
                _ => throw new ArgumentException($"Unknown option {args[i]}; there are --events, --raw and --in-flight.", nameof(args)),
            };
        }

        return options;
    }
}
