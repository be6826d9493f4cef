using System.Net;
using System.Text.RegularExpressions;

namespace WebhookConsole.Tests.Support;

/// <summary>Signs in as a browser would: by the form, with its cookies and its antiforgery token.</summary>
public static partial class SignedInClient
{
    /// <summary>A client that keeps cookies and follows no redirect.</summary>
    public static HttpClient Anonymous(Uri address) =>
        new(
            new SocketsHttpHandler
            {
                UseProxy = false,
                AllowAutoRedirect = false,
                CookieContainer = new CookieContainer(),
            }
        )
        {
            BaseAddress = address,
        };

    public static async Task<HttpClient> CreateAsync(TestApp app, string email, string password)
    {
        HttpClient client = Anonymous(app.Address);
        using HttpResponseMessage answer = await PostFormAsync(
            client,
            "/account/login",
            new Dictionary<string, string> { ["Input.Email"] = email, ["Input.Password"] = password }
        );
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return client;
    }

    /// <summary>Gets the page, fills its first form in and posts it with the hidden fields that it came with.</summary>
    public static async Task<HttpResponseMessage> PostFormAsync(HttpClient client, string path, IReadOnlyDictionary<string, string> fields)
    {
        string page = await client.GetStringAsync(path);
        Dictionary<string, string> form = new(fields, StringComparer.Ordinal);
        foreach (Match hidden in HiddenField().Matches(page[..page.IndexOf("</form>", StringComparison.Ordinal)]))
        {
            form.TryAdd(hidden.Groups["name"].Value, WebUtility.HtmlDecode(hidden.Groups["value"].Value));
        }

        using FormUrlEncodedContent content = new(form);
        return await client.PostAsync(path, content);
    }

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)" """, RegexOptions.None, 1000)]
    private static partial Regex HiddenField();
}
