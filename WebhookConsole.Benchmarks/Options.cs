using System.Globalization;

namespace WebhookConsole.Benchmarks;

/// <summary>What a run was told: <c>--name number</c> pairs. A name that the run does not ask for is an error.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, int> _given = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">A name without a number, or the same name twice.</exception>
    public Options(string[] args)
    {
        for (int i = 0; i < args.Length; i += 2)
        {
            if (
                !args[i].StartsWith("--", StringComparison.Ordinal)
                || i + 1 == args.Length
                || !int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out int value)
                || !_given.TryAdd(args[i][2..], value)
            )
            {
                throw new ArgumentException($"Options are pairs of --name and a number; '{args[i]}' is not the start of one.", nameof(args));
            }
        }
    }

    /// <summary>Takes the value of an option, or its default.</summary>
    public int Take(string name, int otherwise) => _given.Remove(name, out int value) ? value : otherwise;

    /// <summary>To be called when all options were taken.</summary>
    /// <exception cref="InvalidOperationException">Some are left: misspelled, or of another run.</exception>
    public void DemandAllTaken()
    {
        if (_given.Count > 0)
        {
            throw new InvalidOperationException($"This run has no option {string.Join(", ", _given.Keys.Select(k => "--" + k))}.");
        }
    }
}
