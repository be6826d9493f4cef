using WebhookConsole.Domain;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace WebhookConsole.Declarations.Reading;

/// <summary>
/// Reads one YAML document without the parts of YAML that are a danger in files from outside: anchors and aliases (a few lines can unfold to
/// gigabytes) and tags (which name types).
/// </summary>
internal static class YamlDocumentReader
{
    /// <exception cref="DocumentException">It is not such a document.</exception>
    public static DocumentNode Read(string text)
    {
        Parser parser = new(new Scanner(new StringReader(text), skipComments: true));
        try
        {
            parser.Consume<StreamStart>();
            if (parser.Accept<StreamEnd>(out _))
            {
                throw new DocumentException(new DocumentProblem(1, 1, "The file is empty."));
            }

            parser.Consume<DocumentStart>();
            DocumentNode root = ReadNode(parser, text, depth: 1);
            parser.Consume<DocumentEnd>();
            return parser.Accept<StreamEnd>(out _) ? root : throw Problem(parser.Current!.Start, "The file has several documents ('---'); write one.");
        }
        catch (YamlException exception)
        {
            throw Problem(exception.Start, $"This is not YAML: {exception.Message.TrimEnd('.')}.");
        }
    }

    private static DocumentNode ReadNode(Parser parser, string text, int depth)
    {
        if (parser.Accept<AnchorAlias>(out AnchorAlias? alias))
        {
            throw Problem(alias!.Start, $"'*{OutsideText.Excerpt(alias.Value.Value)}' is an alias; write the value itself.");
        }

        NodeEvent start = parser.Consume<NodeEvent>();
        if (!start.Anchor.IsEmpty || !start.Tag.IsEmpty)
        {
            throw Problem(start.Start, start.Anchor.IsEmpty ? "Leave out the tag ('!…')." : "Leave out the anchor ('&…'); aliases are not read.");
        }

        if (depth > DocumentReader.MaxDepth)
        {
            throw Problem(start.Start, $"This is nested more than {DocumentReader.MaxDepth} levels deep.");
        }

        return start switch
        {
            Scalar scalar => Node(scalar, KindOf(scalar)) with { Text = KindOf(scalar) == NodeKind.Null ? null : scalar.Value },
            SequenceStart list => ReadList(parser, text, list, depth),
            MappingStart map => ReadMap(parser, text, map, depth),
            _ => throw Problem(start.Start, "This cannot be read."),
        };
    }

    private static DocumentNode ReadList(Parser parser, string text, SequenceStart start, int depth)
    {
        List<DocumentNode> items = [];
        SequenceEnd? end;
        while (!parser.TryConsume<SequenceEnd>(out end))
        {
            items.Add(ReadNode(parser, text, depth + 1));
        }

        return Node(start, NodeKind.List) with
        {
            Items = items,
            Text = start.Style == SequenceStyle.Flow ? Slice(text, start, end!) : null,
        };
    }

    private static DocumentNode ReadMap(Parser parser, string text, MappingStart start, int depth)
    {
        List<DocumentMember> members = [];
        MappingEnd? end;
        while (!parser.TryConsume<MappingEnd>(out end))
        {
            DocumentNode key = ReadNode(parser, text, depth + 1);
            if (key.Kind is not (NodeKind.Text or NodeKind.Plain))
            {
                throw new DocumentException(new DocumentProblem(key.Line, key.Column, "A name is expected here."));
            }

            DocumentReader.Add(members, key, ReadNode(parser, text, depth + 1));
        }

        return Node(start, NodeKind.Map) with
        {
            Members = members,
            Text = start.Style == MappingStyle.Flow ? Slice(text, start, end!) : null,
        };
    }

    private static NodeKind KindOf(Scalar scalar) =>
        scalar.Style != ScalarStyle.Plain ? NodeKind.Text
        : scalar.Value is "" or "~" or "null" ? NodeKind.Null
        : NodeKind.Plain;

    private static DocumentNode Node(ParsingEvent at, NodeKind kind) =>
        new()
        {
            Kind = kind,
            Line = (int)at.Start.Line,
            Column = (int)at.Start.Column,
        };

    // The parser places the end of a list or map before its bracket.
    private static string Slice(string text, ParsingEvent start, ParsingEvent end) => text[(int)start.Start.Index..((int)end.Start.Index + 1)];

    private static DocumentException Problem(Mark at, string message) => new(new DocumentProblem((int)at.Line, (int)at.Column, message));
}
