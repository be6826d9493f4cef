using System.Globalization;

namespace WebhookConsole.Benchmarks;

/// <summary>What a run was told: <c>--name value</c> pairs, nearly all of them numbers. A name that the run does not ask for is an error.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">A name without a value, or the same name twice.</exception>
    public Options(string[] args)
    {
        for (int i = 0; i < args.Length; i += 2)
        {
            if (!args[i].StartsWith("--", StringComparison.Ordinal) || i + 1 == args.Length || !_given.TryAdd(args[i][2..], args[i + 1]))
            {
                throw new ArgumentException($"Options are pairs of --name and a value; '{args[i]}' is not the start of one.", nameof(args));
            }
        }
    }

    /// <summary>Takes the value of an option, or its default.</summary>
    /// <exception cref="ArgumentException">It is not a whole number.</exception>
    public int Take(string name, int otherwise) =>
        TakeText(name) is not { } text ? otherwise
        : int.TryParse(text, CultureInfo.InvariantCulture, out int value) ? value
        : throw new ArgumentException($"--{name} takes a whole number, not '{text}'.", nameof(name));

    /// <summary>Takes an option that is not a number; null when it was not given.</summary>
    public string? TakeText(string name) => _given.Remove(name, out string? value) ? value : null;

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
