using System.Net;
using System.Text.RegularExpressions;

namespace WebhookConsole.Tests.Support;

/// <summary>A browser without scripts: keeps cookies with their flags and posts the form of a page with its hidden fields.</summary>
public sealed partial class CookieClient(TestApp app, params (string Name, string Value)[] headers) : IDisposable
{
    private readonly HttpClient _client = app.NewClient(null);

    /// <summary>Name and the whole line that set it.</summary>
    public Dictionary<string, string> Cookies { get; } = new(StringComparer.Ordinal);

    public Task<(HttpResponseMessage Response, string Text)> SendAsync(HttpMethod method, string path, Dictionary<string, string>? form = null) =>
        SendContentAsync(method, path, form is null ? null : new FormUrlEncodedContent(form));

    public Task<(HttpResponseMessage Response, string Text)> PostAsync(string path, HttpContent content) => SendContentAsync(HttpMethod.Post, path, content);

    /// <summary>Opens a page and posts its first form with these fields.</summary>
    public async Task<(HttpResponseMessage Response, string Text)> SubmitAsync(string path, Dictionary<string, string> fields)
    {
        (_, string page) = await SendAsync(HttpMethod.Get, path);
        Dictionary<string, string> form = HiddenFieldsOf(page);
        foreach ((string name, string value) in fields)
        {
            form[name] = value;
        }

        return await SendAsync(HttpMethod.Post, path, form);
    }

    /// <summary>Of the first form of a page.</summary>
    public static Dictionary<string, string> HiddenFieldsOf(string page)
    {
        Dictionary<string, string> form = new(StringComparer.Ordinal);
        string first = page[..(page.IndexOf("</form>", StringComparison.Ordinal) is var end and >= 0 ? end : page.Length)];
        foreach (Match hidden in HiddenField().Matches(first))
        {
            form[hidden.Groups["name"].Value] = WebUtility.HtmlDecode(hidden.Groups["value"].Value);
        }

        return form;
    }

    public Task<(HttpResponseMessage Response, string Text)> SignInAsync(string email, string password, string query = "") =>
        SubmitAsync("/account/login" + query, new() { ["Input.Email"] = email, ["Input.Password"] = password });

    public void Dispose() => _client.Dispose();

    private async Task<(HttpResponseMessage Response, string Text)> SendContentAsync(HttpMethod method, string path, HttpContent? content)
    {
        using HttpRequestMessage request = new(method, path) { Content = content };
        foreach ((string name, string value) in headers)
        {
            request.Headers.Add(name, value);
        }

        if (Cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", Cookies.Values.Select(c => c.Split(';')[0])));
        }

        HttpResponseMessage response = await _client.SendAsync(request);
        foreach (string cookie in response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? set) ? set : [])
        {
            Cookies[cookie.Split('=')[0]] = cookie;
        }

        return (response, await response.Content.ReadAsStringAsync());
    }

    [GeneratedRegex(
        """<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)"\s*/?>""",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking
    )]
    private static partial Regex HiddenField();
}
