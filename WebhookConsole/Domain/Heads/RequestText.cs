using System.Text;

namespace WebhookConsole.Domain.Heads;

/// <summary>What is recorded of a request, in one text: a line with its URL, a line with the fingerprints of its secrets, and its header lines.</summary>
/// <param name="SignedWith">Separated by spaces.</param>
/// <param name="Headers">One <c>Name: value</c> per line.</param>
public readonly record struct RequestText(string Url, string SignedWith, string Headers)
{
    public byte[] ToBytes() => Encoding.UTF8.GetBytes($"{Url}\n{SignedWith}\n{Headers}");

    /// <summary>Reads what <see cref="ToBytes"/> wrote; of a damaged row, what is there.</summary>
    public static RequestText Read(ReadOnlySpan<byte> bytes)
    {
        string[] parts = Encoding.UTF8.GetString(bytes).Split('\n', 3);
        return new RequestText(parts[0], parts.ElementAtOrDefault(1) ?? "", parts.ElementAtOrDefault(2) ?? "");
    }
}
