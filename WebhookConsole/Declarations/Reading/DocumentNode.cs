namespace WebhookConsole.Declarations.Reading;

/// <summary>What a value of a document is.</summary>
public enum NodeKind
{
    Null = 0,
    Text = 1,

    /// <summary>A bare word or number, such as <c>true</c> or <c>8</c>, which can also be read as text.</summary>
    Plain = 2,
    List = 3,
    Map = 4,
}

/// <summary>A value of a YAML or JSON document, with its place.</summary>
public sealed record DocumentNode
{
    public required NodeKind Kind { get; init; }

    /// <summary>From 1.</summary>
    public required int Line { get; init; }

    /// <summary>From 1, in characters.</summary>
    public required int Column { get; init; }

    /// <summary>Of a text or a bare word, and of a list or map that is written as in JSON: its source. Null otherwise.</summary>
    public string? Text { get; init; }

    public IReadOnlyList<DocumentNode> Items { get; init; } = [];

    /// <summary>In the order of the document; no name is there twice.</summary>
    public IReadOnlyList<DocumentMember> Members { get; init; } = [];

    /// <summary>The value of a member; null when it is not there.</summary>
    public DocumentNode? this[string name] => Members.FirstOrDefault(m => m.Name == name)?.Value;
}

/// <param name="Key">The name with its place.</param>
public sealed record DocumentMember(DocumentNode Key, DocumentNode Value)
{
    public string Name => Key.Text!;
}

/// <summary>Something that is wrong with a document, and where.</summary>
/// <param name="Message">A sentence, which never repeats a secret.</param>
public sealed record DocumentProblem(int Line, int Column, string Message)
{
    public override string ToString() => $"Line {Line}, column {Column}: {Message}";
}

/// <summary>A document cannot be read at all.</summary>
internal sealed class DocumentException(DocumentProblem problem) : Exception(problem.ToString())
{
    public DocumentProblem Problem => problem;
}
