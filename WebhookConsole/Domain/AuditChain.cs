using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace WebhookConsole.Domain;

/// <summary>
/// Links the entries of a project, and those of the installation, so that an entry that was changed or removed shows. A chain proves
/// itself only against those who cannot write all of it anew: note the hash of its end elsewhere to be sure of what came before.
/// </summary>
public static class AuditChain
{
    private const string Installation = "installation";

    /// <summary>The chain that entries of a project belong to; of the installation for null.</summary>
    public static string NameOf(Guid? projectId) => projectId?.ToString() ?? Installation;

    /// <summary>
    /// SHA-256 over the hash of the entry before (nothing for the first) and the entry's fields as a JSON array in the order of their
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

    /// <summary>Puts an entry behind the end of its chain.</summary>
    /// <param name="sequence">Of the entry before; 0 for none.</param>
    public static void Append(AuditEntry entry, long sequence, ReadOnlySpan<byte> previous)
    {
        entry.Sequence = sequence + 1;
        entry.Hash = HashOf(previous, entry);
    }
}
