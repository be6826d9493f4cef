using System.Text;
using WebhookConsole.Domain.Heads;

namespace WebhookConsole.Deliveries.Attempts;

/// <summary>
/// Learns the heads that the responses of a webhook share. A response like no earlier one is kept whole; the second with the same status line and
/// the same names of headers makes a head, in which the values that differ become places. So a head that never comes again is not stored
/// by itself, and each further value that begins to differ makes only one more head. Safe for many threads.
/// </summary>
internal sealed class ResponseHeads
{
    // A receiver has few kinds of responses; one that sends others each time costs no more than this.
    private const int Most = 4;

    // Each head takes room until long after its attempts are gone, and a receiver may think of new ones for ever.
    private const int MostADay = 16;

    private readonly Lock _gate = new();
    private (DateOnly Day, int Heads) _learned;
    private readonly LinkedList<byte[]> _seen = [];
    private volatile AttemptHead[] _known = [];

    /// <summary>What to keep of a response.</summary>
    /// <param name="text">The status line and the headers, as they are recorded.</param>
    public KeptHead Keep(ReadOnlySpan<byte> text, DateTimeOffset startedAt)
    {
        foreach (AttemptHead head in _known)
        {
            if (head.TryTakeApart(text, startedAt, out byte[] rest))
            {
                return new KeptHead(head, rest);
            }
        }

        byte[] whole = text.ToArray();
        return !text.ContainsAny(HeadPlaces.Bytes) && Learn(whole, startedAt) is { } learned && learned.TryTakeApart(text, startedAt, out byte[] left)
            ? new KeptHead(learned, left)
            : KeptHead.Whole(whole);
    }

    private AttemptHead? Learn(byte[] text, DateTimeOffset at)
    {
        lock (_gate)
        {
            DateOnly day = DateOnly.FromDateTime(at.UtcDateTime);
            _learned = _learned.Day == day ? _learned : (day, 0);
            if (_learned.Heads == MostADay)
            {
                return null;
            }

            AttemptHead[] known = _known;
            for (int i = 0; i < known.Length; i++)
            {
                if (HeadLines.Merge(known[i].Content, text) is { } wider)
                {
                    // Another thread has just learned it, or more differs than a row may keep.
                    if (wider.AsSpan().SequenceEqual(known[i].Content))
                    {
                        return known[i];
                    }

                    AttemptHead head = new(wider);
                    _learned.Heads++;
                    _known = [head, .. known[..i], .. known[(i + 1)..]];
                    return head;
                }
            }

            for (LinkedListNode<byte[]>? earlier = _seen.First; earlier is not null; earlier = earlier.Next)
            {
                if (HeadLines.Merge(HeadLines.WithDate(earlier.Value), text) is { } common)
                {
                    AttemptHead head = new(common);
                    _learned.Heads++;
                    _seen.Remove(earlier);
                    _known = [head, .. known.Take(Most - 1)];
                    return head;
                }
            }

            _seen.AddFirst(text);
            if (_seen.Count > Most)
            {
                _seen.RemoveLast();
            }

            return null;
        }
    }
}

/// <summary>Compares heads line by line.</summary>
internal static class HeadLines
{
    private const string Separator = ": ";

    // One character for each byte.
    private static readonly Encoding s_bytes = Encoding.Latin1;
    private static readonly char s_date = (char)HeadPlace.Date;
    private static readonly char s_text = (char)HeadPlace.Text;

    /// <summary>A received head with a place for its date.</summary>
    public static byte[] WithDate(byte[] text) =>
        s_bytes.GetBytes(string.Join('\n', s_bytes.GetString(text).Split('\n').Select(line => IsDate(line) ? NameOf(line) + s_date : line)));

    /// <summary>What a head and a received one have in common, with a place for each value that differs.</summary>
    /// <returns>Null when their status lines or the names of their headers differ.</returns>
    public static byte[]? Merge(byte[] head, byte[] text)
    {
        string[] ours = s_bytes.GetString(head).Split('\n');
        string[] theirs = s_bytes.GetString(text).Split('\n');
        if (ours.Length != theirs.Length || ours[0] != theirs[0])
        {
            return null;
        }

        for (int i = 1; i < ours.Length; i++)
        {
            string name = NameOf(ours[i]);
            if (ours[i] == theirs[i] || (ours[i] == name + s_date && IsDate(theirs[i]) && NameOf(theirs[i]) == name))
            {
                continue;
            }

            if (name.Length == 0 || NameOf(theirs[i]) != name)
            {
                return null;
            }

            ours[i] = name + s_text;
        }

        return s_bytes.GetBytes(string.Join('\n', ours));
    }

    private static bool IsDate(string line) =>
        line.StartsWith("Date: ", StringComparison.OrdinalIgnoreCase)
        && HeadText.IsDate(s_bytes.GetBytes(line["Date: ".Length..]), out _)
        && line.Length == "Date: ".Length + HeadText.DateLength;

    // With the separator; empty for a line that has none.
    private static string NameOf(string line) => line[..(line.IndexOf(Separator, StringComparison.Ordinal) is >= 0 and var at ? at + Separator.Length : 0)];
}
