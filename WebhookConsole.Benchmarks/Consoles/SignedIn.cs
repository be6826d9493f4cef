using System.Net;
using System.Text.RegularExpressions;

namespace WebhookConsole.Benchmarks.Consoles;

/// <summary>A browser's session: the cookies of somebody who has signed in with the form.</summary>
internal sealed partial class SignedIn : IDisposable
{
    private readonly CookieContainer _cookies = new();
    private readonly Uri _server;

    private SignedIn(Uri server)
    {
        _server = server;
        Http = new HttpClient(new SocketsHttpHandler { CookieContainer = _cookies }) { BaseAddress = server };
    }

    /// <summary>Sends the cookies.</summary>
    public HttpClient Http { get; }

    /// <summary>The cookies as a header.</summary>
    public string Cookies => _cookies.GetCookieHeader(_server);

    /// <exception cref="InvalidOperationException">The sign-in was refused.</exception>
    public static async Task<SignedIn> AsAsync(Uri server, string email, string password)
    {
        SignedIn session = new(server);
        string page = await session.Http.GetStringAsync("account/login");
        page = page[..page.IndexOf("</form>", StringComparison.Ordinal)];
        Dictionary<string, string> form = HiddenField()
            .Matches(page)
            .ToDictionary(m => m.Groups["name"].Value, m => WebUtility.HtmlDecode(m.Groups["value"].Value));
        form["Input.Email"] = email;
        form["Input.Password"] = password;
        using FormUrlEncodedContent content = new(form);
        using HttpResponseMessage answer = await session.Http.PostAsync("account/login", content);
        return answer.IsSuccessStatusCode && answer.RequestMessage!.RequestUri!.AbsolutePath.StartsWith("/p/", StringComparison.Ordinal)
            ? session
            : throw new InvalidOperationException($"Could not sign in: {answer.StatusCode} at {answer.RequestMessage!.RequestUri}.");
    }

    public void Dispose() => Http.Dispose();

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)""", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex HiddenField();
}
