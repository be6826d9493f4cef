using System.Text;
using System.Text.Json;

namespace WebhookConsole.Declarations.Reading;

/// <summary>Reads one JSON document.</summary>
internal static class JsonDocumentReader
{
    /// <exception cref="DocumentException">It is not JSON.</exception>
    public static DocumentNode Read(string text)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Utf8JsonReader reader = new(utf8, new JsonReaderOptions { MaxDepth = DocumentReader.MaxDepth });
        Lines lines = new(utf8);
        try
        {
            reader.Read();
            DocumentNode root = ReadNode(ref reader, utf8, lines);
            reader.Read();
            return root;
        }
        catch (JsonException exception)
        {
            // Both count from 0, and the column in bytes.
            int line = (int)(exception.LineNumber ?? 0) + 1;
            string message = exception.Message.Split(" LineNumber:", 2)[0].TrimEnd('.');
            throw new DocumentException(
                new DocumentProblem(line, lines.ColumnOf(line, (int)(exception.BytePositionInLine ?? 0)), $"This is not JSON: {message}.")
            );
        }
        catch (InvalidOperationException)
        {
            (int line, int column) = lines.PlaceOf((int)reader.TokenStartIndex);
            throw new DocumentException(new DocumentProblem(line, column, "This is not JSON: half of a surrogate pair stands alone."));
        }
    }

    private static DocumentNode ReadNode(ref Utf8JsonReader reader, byte[] utf8, Lines lines)
    {
        int start = (int)reader.TokenStartIndex;
        (int line, int column) = lines.PlaceOf(start);
        DocumentNode node = new()
        {
            Kind = NodeKind.Null,
            Line = line,
            Column = column,
        };
        switch (reader.TokenType)
        {
            case JsonTokenType.String or JsonTokenType.PropertyName:
                return node with { Kind = NodeKind.Text, Text = reader.GetString() };
            case JsonTokenType.Null:
                return node;
            case JsonTokenType.StartArray:
                List<DocumentNode> items = [];
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(ReadNode(ref reader, utf8, lines));
                }

                return node with
                {
                    Kind = NodeKind.List,
                    Items = items,
                    Text = Encoding.UTF8.GetString(utf8[start..(int)reader.BytesConsumed]),
                };
            case JsonTokenType.StartObject:
                List<DocumentMember> members = [];
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    DocumentNode key = ReadNode(ref reader, utf8, lines);
                    reader.Read();
                    DocumentReader.Add(members, key, ReadNode(ref reader, utf8, lines));
                }

                return node with
                {
                    Kind = NodeKind.Map,
                    Members = members,
                    Text = Encoding.UTF8.GetString(utf8[start..(int)reader.BytesConsumed]),
                };
            default:
                return node with { Kind = NodeKind.Plain, Text = Encoding.UTF8.GetString(reader.ValueSpan) };
        }
    }

    // Where each line begins, so that a place is found without counting from the beginning again.
    private sealed class Lines(byte[] utf8)
    {
        private readonly int[] _starts = [0, .. Enumerable.Range(0, utf8.Length).Where(i => utf8[i] == '\n').Select(i => i + 1)];

        public (int Line, int Column) PlaceOf(int offset)
        {
            int index = Array.BinarySearch(_starts, offset);
            int line = (index < 0 ? ~index - 1 : index) + 1;
            return (line, ColumnOf(line, offset - _starts[line - 1]));
        }

        // People and editors count characters.
        public int ColumnOf(int line, int bytes)
        {
            int start = _starts[Math.Min(line, _starts.Length) - 1];
            return Encoding.UTF8.GetCharCount(utf8, start, Math.Min(bytes, utf8.Length - start)) + 1;
        }
    }
}
