using System.Net;
using System.Text;
using System.Text.Json;

namespace WebhookConsole.Tests.Support;

/// <summary>Looks for secrets in what must not hold them, in every form that a program would have written them in.</summary>
internal sealed class LeakSearch
{
    private readonly List<(string Name, string Form, byte[] Bytes)> _wanted = [];

    /// <param name="name">What it is; findings name it, never its text.</param>
    public void Add(string name, string secret)
    {
        string body = secret.StartsWith("whsec_", StringComparison.Ordinal) ? secret["whsec_".Length..] : secret;
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        AddForm(name, "UTF-8", bytes);
        AddForm(name, "UTF-16", Encoding.Unicode.GetBytes(body));
        AddText(name, "JSON", JsonSerializer.Serialize(body)[1..^1]);
        AddText(name, "HTML", WebUtility.HtmlEncode(body));
        AddText(name, "HTML of .NET", System.Text.Encodings.Web.HtmlEncoder.Default.Encode(body));
        AddText(name, "URL", Uri.EscapeDataString(body));
        AddEncodings(name, "text", bytes);
        byte[] key = new byte[body.Length];
        if (body != secret && Convert.TryFromBase64String(body, key, out int length))
        {
            AddForm(name, "key", key[..length]);
            AddEncodings(name, "key", key[..length]);
        }
    }

    /// <summary>The names and forms of what is found in it.</summary>
    public IEnumerable<string> Find(string place, ReadOnlySpan<byte> data)
    {
        List<string> found = [];
        foreach ((string name, string form, byte[] bytes) in _wanted)
        {
            int at = data.IndexOf(bytes);
            if (at >= 0)
            {
                string before = Encoding.Latin1.GetString(data[Math.Max(0, at - 100)..at]);
                found.Add($"{place} has {name} as {form}, behind: {before}");
            }
        }

        return found;
    }

    public IEnumerable<string> Find(string place, string text) => Find(place, Encoding.UTF8.GetBytes(text));

    // In the middle of something else base64 begins at one of three places; the first and the last letters depend on the neighbours.
    private void AddEncodings(string name, string what, byte[] bytes)
    {
        AddText(name, $"hex of the {what}", Convert.ToHexString(bytes));
        AddText(name, $"hex of the {what}", Convert.ToHexStringLower(bytes));
        for (int shift = 0; shift < 3; shift++)
        {
            string text = Convert.ToBase64String([.. new byte[shift], .. bytes]).TrimEnd('=');
            text = text[(shift == 0 ? 0 : shift + 1)..^2];
            AddText(name, $"base64 of the {what}", text);
            AddText(name, $"base64url of the {what}", text.Replace('+', '-').Replace('/', '_'));
        }
    }

    private void AddText(string name, string form, string text)
    {
        AddForm(name, form, Encoding.UTF8.GetBytes(text));
        AddForm(name, form + " in UTF-16", Encoding.Unicode.GetBytes(text));
    }

    private void AddForm(string name, string form, byte[] bytes)
    {
        // Shorter ones would be found by chance.
        if (bytes.Length >= 8 && !_wanted.Any(w => w.Bytes.AsSpan().SequenceEqual(bytes)))
        {
            _wanted.Add((name, form, bytes));
        }
    }
}
