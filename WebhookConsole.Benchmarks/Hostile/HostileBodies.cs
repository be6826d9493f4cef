using System.Text;
using System.Text.Json;

namespace WebhookConsole.Benchmarks.Hostile;

/// <summary>Turns the example of a body into one that nobody should send.</summary>
internal sealed class HostileBodies(Random random)
{
    /// <param name="example">As the document has it; null for a call without a body.</param>
    public byte[] Of(JsonElement? example)
    {
        string right = example?.GetRawText() ?? "{}";
        return random.Next(14) switch
        {
            0 => Text(right),
            1 => [],
            2 => Text(Pick(HostileValues.Literals)),
            3 => Text(right[..random.Next(right.Length)]),
            4 => Text(right + Pick(HostileValues.Literals)),
            5 => Spliced(Text(right), Pick(HostileValues.Garbage)),
            6 => [0xef, 0xbb, 0xbf, .. Text(right)],
            7 => Encoding.Unicode.GetBytes(right),
            8 => Text("[" + string.Join(',', Enumerable.Repeat(right, random.Next(1, 1100))) + "]"),
            9 => Pick(HostileValues.Garbage),
            _ => Text(Changed(example)),
        };
    }

    // One member is dropped, doubled, renamed or replaced.
    private string Changed(JsonElement? example)
    {
        if (example is not { ValueKind: JsonValueKind.Object } body || body.EnumerateObject().ToList() is not { Count: > 0 } members)
        {
            return Pick(HostileValues.Literals);
        }

        int chosen = random.Next(members.Count);
        int how = random.Next(8);
        List<string> parts = [];
        for (int i = 0; i < members.Count; i++)
        {
            string name = JsonSerializer.Serialize(members[i].Name);
            string value = members[i].Value.GetRawText();
            if (i != chosen)
            {
                parts.Add($"{name}:{value}");
                continue;
            }

            switch (how)
            {
                case 0:
                    break;
                case 1:
                    parts.Add($"{name}:{value},{name}:{value}");
                    break;
                case 2:
                    parts.Add($"{JsonSerializer.Serialize(members[i].Name.ToUpperInvariant())}:{value}");
                    break;
                case 3:
                    parts.Add($"{name}:{value},{JsonSerializer.Serialize(Pick(HostileValues.Texts))}:1");
                    break;
                case 4:
                    parts.Add($"{name}:{JsonSerializer.Serialize(Pick(HostileValues.Texts))}");
                    break;
                default:
                    parts.Add($"{name}:{Pick(HostileValues.Literals)}");
                    break;
            }
        }

        return "{" + string.Join(',', parts) + "}";
    }

    private byte[] Spliced(byte[] text, byte[] garbage)
    {
        int at = random.Next(text.Length + 1);
        return [.. text.AsSpan(0, at), .. garbage, .. text.AsSpan(at)];
    }

    private T Pick<T>(T[] all) => all[random.Next(all.Length)];

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
