using System.Text.Json;
using WebhookConsole.Data;
using WebhookConsole.Domain;

namespace WebhookConsole.Backups;

/// <summary>The files of the key ring as one block of bytes: a JSON object of file name and content.</summary>
internal static class KeyRingFiles
{
    private const string Extension = ".xml";

    /// <returns>Null when there are no keys.</returns>
    public static byte[]? Read(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }

        Dictionary<string, string> files = Directory
            .EnumerateFiles(folder, "*" + Extension)
            .ToDictionary(f => Path.GetFileName(f), f => File.ReadAllText(f), StringComparer.Ordinal);
        return files.Count == 0 ? null : JsonSerializer.SerializeToUtf8Bytes(files);
    }

    /// <summary>Writes the files to disk, into a new folder.</summary>
    /// <exception cref="RuleException">A name is not that of a key: the file comes from outside and must not write anywhere else.</exception>
    public static void Write(byte[] data, string folder)
    {
        DataDirectory.CreatePrivate(folder);
        foreach ((string name, string content) in JsonSerializer.Deserialize<Dictionary<string, string>>(data)!)
        {
            if (name != Path.GetFileName(name) || !name.EndsWith(Extension, StringComparison.Ordinal))
            {
                throw RuleException.Invalid(
                    "file",
                    $"The backup has a key named '{OutsideText.Excerpt(name)}', which is not the name of a key. Nothing was restored."
                );
            }

            using FileStream file = DataDirectory.CreatePrivateFile(Path.Combine(folder, name));
            file.Write(System.Text.Encoding.UTF8.GetBytes(content));
            file.Flush(flushToDisk: true);
        }
    }
}
