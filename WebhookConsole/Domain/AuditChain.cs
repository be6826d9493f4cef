using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace WebhookConsole.Domain;

/// <summary>
/// Links the entries of a project, and those of the installation, so that a changed or removed entry is detected. A chain proves
/// nothing against those who can rewrite all of it: note the hash of its end elsewhere to be sure of what came before.
/// </summary>
public static class AuditChain
{
    private const string Installation = "installation";

    /// <summary>The chain that a project's entries belong to; the installation's for null.</summary>
    public static string NameOf(Guid? projectId) => projectId?.ToString() ?? Installation;

    /// <summary>
    /// SHA-256 over the hash of the previous entry (nothing for the first) and the entry's fields as a JSON array in the order of their
    /// declaration, its sequence last; times in Unix milliseconds.
    /// </summary>
    public static byte[] HashOf(ReadOnlySpan<byte> previous, AuditEntry entry)
    {
        ArrayBufferWriter<byte> text = new(512);
        text.Write(previous);
        using (Utf8JsonWriter json = new(text))
        {
            json.WriteStartArray();
            string?[] fields =
            [
                entry.Id.ToString(),
                entry.ProjectId?.ToString(),
                entry.At.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture),
                entry.ActorKind,
                entry.ActorId?.ToString(),
                entry.ActorName,
                entry.Action,
                entry.TargetKind,
                entry.TargetId?.ToString(),
                entry.TargetName,
                entry.RemoteAddress,
                entry.Details,
                entry.Sequence.ToString(CultureInfo.InvariantCulture),
            ];
            foreach (string? field in fields)
            {
                json.WriteStringValue(field);
            }

            json.WriteEndArray();
        }

        return SHA256.HashData(text.WrittenSpan);
    }

    /// <summary>Appends an entry to its chain.</summary>
    /// <param name="sequence">Sequence of the previous entry; 0 for none.</param>
    public static void Append(AuditEntry entry, long sequence, ReadOnlySpan<byte> previous)
    {
        entry.Sequence = sequence + 1;
        entry.Hash = HashOf(previous, entry);
    }
}
