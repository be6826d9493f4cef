using System.Diagnostics.CodeAnalysis;
using WebhookConsole.Domain;

namespace WebhookConsole.Configuration;

/// <summary>A secret in a file of its own, as container platforms and systemd hand them out.</summary>
public static class SecretFile
{
    private const int MaxBytes = 64 * 1024;

    /// <summary>Reads the only line of a file. Editors end it with a line break, which is not part of the secret.</summary>
    /// <param name="path">Relative to the working directory, or absolute.</param>
    /// <param name="error">What is wrong, for the middle of a sentence: <c>the file '/run/x' is empty</c>. It never has the content.</param>
    public static bool TryRead(string path, [NotNullWhen(true)] out string? secret, [NotNullWhen(false)] out string? error)
    {
        secret = null;
        error = null;
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            byte[] bytes = new byte[MaxBytes + 1];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            bool readable = StrictText.TryRead(bytes.AsSpan(0, Math.Min(length, MaxBytes)), out string? all);
            string text = all?.TrimEnd('\r', '\n') ?? "";
            error =
                length > MaxBytes ? $"the file '{path}' is larger than {MaxBytes / 1024} KB"
                : !readable ? $"the file '{path}' is not UTF-8 text"
                : text.Length == 0 ? $"the file '{path}' is empty"
                : text.AsSpan().ContainsAny('\r', '\n') ? $"the file '{path}' has more than one line"
                : text.Contains('\0', StringComparison.Ordinal) ? $"the file '{path}' is not a text file"
                : null;
            secret = error is null ? text : null;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            error = $"the file '{path}' does not exist";
        }
        catch (UnauthorizedAccessException)
        {
            error = Directory.Exists(path) ? $"'{path}' is a folder" : $"the file '{path}' may not be read by the user that this runs as";
        }
        catch (Exception exception) when (exception is IOException or ArgumentException or NotSupportedException)
        {
            error = $"the file '{path}' cannot be read ({exception.Message})";
        }

        return error is null && secret is not null;
    }
}
