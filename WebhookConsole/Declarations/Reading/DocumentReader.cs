using System.Diagnostics.CodeAnalysis;
using WebhookConsole.Domain;

namespace WebhookConsole.Declarations.Reading;

/// <summary>Reads a document from outside: JSON when it begins like it, otherwise YAML. Both become the same nodes.</summary>
public static class DocumentReader
{
    /// <summary>Many times the largest set-up that people can review; larger files are not meant for this.</summary>
    public const int MaxBytes = 4 * 1024 * 1024;

    /// <summary>No document of ours is as deep as this.</summary>
    internal const int MaxDepth = 16;

    /// <exception cref="RuleException">The file cannot be read, is too large or is no text.</exception>
    public static string ReadFile(string path)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            byte[] bytes = new byte[MaxBytes + 1];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return length > MaxBytes ? throw RuleException.Invalid("file", $"'{path}' is larger than {MaxBytes / 1024 / 1024} MB.")
                : StrictText.TryRead(bytes.AsSpan(0, length), out string? text) ? text
                : throw RuleException.Invalid("file", $"'{path}' is not UTF-8 text.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw RuleException.Invalid("file", $"'{path}' cannot be read: {exception.Message}");
        }
    }

    /// <returns>False with what is wrong when it is neither JSON nor YAML of the kind that is read here.</returns>
    public static bool TryRead(string text, [NotNullWhen(true)] out DocumentNode? root, [NotNullWhen(false)] out DocumentProblem? problem)
    {
        root = null;
        problem = null;
        try
        {
            root = text.AsSpan().TrimStart() is ['{' or '[', ..] ? JsonDocumentReader.Read(text) : YamlDocumentReader.Read(text);
            return true;
        }
        catch (DocumentException exception)
        {
            problem = exception.Problem;
            return false;
        }
    }

    // A name that is given twice would silently lose one of its values.
    internal static void Add(List<DocumentMember> members, DocumentNode key, DocumentNode value)
    {
        if (members.FirstOrDefault(m => m.Name == key.Text) is { } first)
        {
            throw new DocumentException(
                new DocumentProblem(key.Line, key.Column, $"'{OutsideText.Excerpt(key.Text)}' is given twice; the first is in line {first.Key.Line}.")
            );
        }

        members.Add(new DocumentMember(key, value));
    }
}
