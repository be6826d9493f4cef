using System.Globalization;
using WebhookConsole.Domain;

namespace WebhookConsole.Api;

/// <summary>The version that an edit is based on: in the body, or in <c>If-Match</c>.</summary>
internal static class IfMatch
{
    public const string Name = "If-Match";

    public const string Description = "The version you read, in quotation marks; the same as version in the body.";

    /// <returns>Null to change the newest version, whichever it is.</returns>
    /// <exception cref="RuleException">The header is no version, or differs from the body.</exception>
    public static int? Read(string? header, int? body) =>
        header is null or "*" ? body
        : header.Trim('"') is var text
        && header.Length == text.Length + 2
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int version)
            ? (body ?? version) == version ? version
                : throw RuleException.Invalid(Name, $"{Name} is {version}, but the body has version {body}. Send only one of them.")
        : throw RuleException.Invalid(Name, $"{Name} must be the version you read, in quotation marks: \"7\".");
}
