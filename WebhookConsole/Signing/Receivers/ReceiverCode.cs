using System.Reflection;
using System.Text;
using WebhookConsole.Domain;

namespace WebhookConsole.Signing.Receivers;

/// <summary>
/// The code of a receiver for one webhook, ready to paste (specification §9). It is filled in here and nowhere else: the format, the names of
/// the headers and the library. The secret is never part of it: the code reads it from the environment variable <see cref="SecretVariable"/>.
/// </summary>
public static class ReceiverCode
{
    public const string SecretVariable = "WEBHOOK_SECRET";

    private const string Block = "@@";

    /// <param name="language">One of <see cref="ReceiverLanguage.All"/>.</param>
    /// <param name="format">How the webhook signs.</param>
    /// <param name="own">The webhook's own signature header, or null.</param>
    /// <param name="library">True to use the format's library. Ask <see cref="ReceiverLanguage.Library"/> first whether there is one.</param>
    /// <exception cref="ArgumentException">There is no library for this format.</exception>
    public static string Write(ReceiverLanguage language, SignatureFormat format, string? own, bool library)
    {
        ISignatureFormat scheme = SignatureFormats.For(format);
        ReceiverLibrary? package = language.Library(scheme.Name);
        if (library && package is null)
        {
            throw new ArgumentException($"No library verifies the format '{scheme.Name}'.", nameof(library));
        }

        string template = Read(library ? WithLibrary(language.FileName) : language.FileName);
        return Choose(template, scheme.Name)
            .Replace("{{format}}", scheme.Name, StringComparison.Ordinal)
            .Replace("{{package}}", package?.Package, StringComparison.Ordinal)
            .Replace("{{install}}", package?.Install, StringComparison.Ordinal)
            .ReplaceHeader("idHeader", scheme.IdHeader)
            .ReplaceHeader("timestampHeader", scheme.TimestampHeader)
            .ReplaceHeader("signatureHeader", scheme.SignatureHeader(own));
    }

    private static string WithLibrary(string fileName) => fileName.Insert(fileName.IndexOf('.', StringComparison.Ordinal), ".library");

    private static string Read(string name)
    {
        Stream stream =
            Assembly.GetExecutingAssembly().GetManifestResourceStream("receivers/" + name) ?? throw new InvalidOperationException($"No template {name}.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }

    // A block is "@@if" with the names of formats, optionally "@@else", and "@@end", each on a line of its own. Blocks do not nest.
    private static string Choose(string template, string format)
    {
        StringBuilder code = new(template.Length);
        bool keep = true;
        foreach (string line in template.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n'))
        {
            if (line.StartsWith(Block, StringComparison.Ordinal))
            {
                string[] words = line[Block.Length..].Split(' ');
                keep = words[0] switch
                {
                    "if" => words.AsSpan(1).Contains(format),
                    "else" => !keep,
                    "end" => true,
                    _ => throw new InvalidOperationException($"{line} is not a block."),
                };
            }
            else if (keep)
            {
                code.Append(line).Append('\n');
            }
        }

        return code.ToString();
    }

    // A header's name may have an apostrophe (RFC 9110, token), but no quotation mark and no backslash, so it needs no escape in double quotes.
    // PHP and Ruby interpolate double-quoted strings, so their templates use single quotes.
    private static string ReplaceHeader(this string code, string placeholder, string name) =>
        code.Replace($"'{{{{{placeholder}}}}}'", $"'{name.Replace("'", "\\'", StringComparison.Ordinal)}'", StringComparison.Ordinal)
            .Replace($"{{{{{placeholder}:lower}}}}", name.ToLowerInvariant(), StringComparison.Ordinal)
            .Replace($"{{{{{placeholder}}}}}", name, StringComparison.Ordinal);
}
