using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using WebhookConsole.Data.Store;

namespace WebhookConsole.Data.Moving;

/// <summary>Compares values of the two databases.</summary>
internal static class MoveValues
{
    /// <summary>True when both sides hold the same value.</summary>
    public static bool Same(MoveKind kind, in StoreValue a, in StoreValue b) =>
        a.Kind == b.Kind
        && a.Kind switch
        {
            StoreValueKind.Null => true,
            StoreValueKind.Integer or StoreValueKind.Boolean => a.Number == b.Number,
            StoreValueKind.Id => a.Id == b.Id,
            StoreValueKind.Text => kind == MoveKind.Json ? SameJson((string)a.Content!, (string)b.Content!) : (string)a.Content! == (string)b.Content!,
            _ => ((byte[])a.Content!).AsSpan().SequenceEqual((byte[])b.Content!),
        };

    /// <summary>The order in which both databases return the rows of a table.</summary>
    public static int CompareKeys(MoveTable table, StoreValue[] a, StoreValue[] b)
    {
        foreach (int k in table.Key)
        {
            int order = a[k].Kind switch
            {
                StoreValueKind.Integer or StoreValueKind.Boolean => a[k].Number.CompareTo(b[k].Number),
                StoreValueKind.Id => a[k].Id.CompareTo(b[k].Id),
                StoreValueKind.Text => Encoding.UTF8.GetBytes((string)a[k].Content!).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes((string)b[k].Content!)),
                _ => ((byte[])a[k].Content!).AsSpan().SequenceCompareTo((byte[])b[k].Content!),
            };
            if (order != 0)
            {
                return order;
            }
        }

        return 0;
    }

    /// <summary>A value of a key; keys hold no secrets.</summary>
    public static string Shown(in StoreValue value) =>
        value.Kind switch
        {
            StoreValueKind.Null => "NULL",
            StoreValueKind.Id => value.Id.ToString(),
            StoreValueKind.Text => $"'{value.Content}'",
            StoreValueKind.Bytes => Convert.ToHexStringLower((byte[])value.Content!),
            _ => value.Number.ToString(CultureInfo.InvariantCulture),
        };

    private static bool SameJson(string a, string b)
    {
        try
        {
            return JsonNode.DeepEquals(JsonNode.Parse(a), JsonNode.Parse(b));
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
