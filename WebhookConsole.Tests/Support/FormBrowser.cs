using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace WebhookConsole.Tests.Support;

/// <summary>A browser without scripts: keeps cookies, follows redirects, fills in and posts the forms of pages.</summary>
public sealed class FormBrowser : IDisposable
{
    private const int MaxRedirects = 10;

    private readonly HttpClient _client;
    private IHtmlDocument? _page;

    public FormBrowser(Uri address)
    {
        _client = new HttpClient(
            new SocketsHttpHandler
            {
                UseProxy = false,
                AllowAutoRedirect = false,
                CookieContainer = Cookies,
            }
        )
        {
            BaseAddress = address,
        };
        Url = address;
    }

    public CookieContainer Cookies { get; } = new();

    /// <summary>The same cookies, without redirects and forms.</summary>
    public HttpClient Client => _client;

    /// <summary>Where it is, after redirects.</summary>
    public Uri Url { get; private set; }

    public HttpStatusCode Status { get; private set; }

    public IHtmlDocument Page => _page ?? throw new InvalidOperationException("Nothing was opened yet.");

    /// <summary>What alerts on the page say, or null.</summary>
    public string? Alert =>
        string.Join(' ', Page.QuerySelectorAll("[role=alert]:not([hidden])").Select(e => e.TextContent.Trim()).Where(t => t.Length > 0)) is { Length: > 0 } text
            ? text
            : null;

    public void Dispose() => _client.Dispose();

    public Task OpenAsync(string path) => SendAsync(HttpMethod.Get, new Uri(Url, path), null);

    /// <summary>Posts the form of that name with the values that it holds and those given.</summary>
    /// <param name="fields">By the name of the field.</param>
    public Task SubmitAsync(string form, params (string Name, string Value)[] fields) =>
        SubmitAsync(Page.QuerySelectorAll("form").Single(f => f.QuerySelector("input[name=_handler]")?.GetAttribute("value") == form), fields);

    /// <summary>As the other, for a form that has an address of its own.</summary>
    public Task SubmitAsync(IElement form, params (string Name, string Value)[] fields)
    {
        Dictionary<string, string> values = new(StringComparer.Ordinal);
        foreach (IElement input in form.QuerySelectorAll("input[name]"))
        {
            if (input.GetAttribute("type") != "checkbox" || input.HasAttribute("checked"))
            {
                values[input.GetAttribute("name")!] = input.GetAttribute("value") ?? "";
            }
        }

        foreach ((string name, string value) in fields)
        {
            values[name] = value;
        }

        string action = form.GetAttribute("action") is { Length: > 0 } own ? own : Url.PathAndQuery;
        return SendAsync(HttpMethod.Post, new Uri(Url, action), values);
    }

    /// <summary>The sign-in page with an address and a password.</summary>
    public async Task SignInAsync(string email, string password)
    {
        await OpenAsync("/account/login");
        await SubmitAsync("login", ("Input.Email", email), ("Input.Password", password));
    }

    private async Task SendAsync(HttpMethod method, Uri url, Dictionary<string, string>? form)
    {
        for (int i = 0; i < MaxRedirects; i++)
        {
            using HttpRequestMessage request = new(method, url);
            request.Content = form is null ? null : new FormUrlEncodedContent(form);
            using HttpResponseMessage response = await _client.SendAsync(request);
            (Url, Status) = (url, response.StatusCode);
            if (response.Headers.Location is not { } next)
            {
                _page = new HtmlParser().ParseDocument(await response.Content.ReadAsStringAsync());
                return;
            }

            (method, form, url) = (HttpMethod.Get, null, new Uri(url, next));
        }

        throw new InvalidOperationException($"{url} redirects on and on.");
    }
}
