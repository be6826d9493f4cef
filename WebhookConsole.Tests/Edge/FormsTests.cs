using System.Net;
using Microsoft.Data.Sqlite;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Edge;

/// <summary>Forms and their cookies: flags, tokens, and where a sign-in leads.</summary>
public sealed class FormsTests
{
    private const string Email = "owner@example.com";
    private const string Password = "three unrelated words";

    private static Task<TestApp> StartAsync(params (string Key, string Value)[] settings)
    {
        Dictionary<string, string?> all = settings.ToDictionary(s => s.Key, s => (string?)s.Value, StringComparer.Ordinal);
        (all["Setup:OwnerEmail"], all["Setup:OwnerPassword"]) = (Email, Password);
        return TestApp.StartAsync(new TestAppSetup { Settings = all });
    }

    [Fact]
    public async Task Cookies_OverHttp_AreClosedToScriptsAndOtherSites()
    {
        await using TestApp app = await StartAsync();
        using CookieClient browser = new(app);
        (HttpResponseMessage response, _) = await browser.SignInAsync(Email, Password);
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        Assert.Equal(["webhookconsole", "webhookconsole.form"], browser.Cookies.Keys.Order());
        Assert.All(browser.Cookies.Values, c => Assert.Contains("httponly", c, StringComparison.OrdinalIgnoreCase));
        Assert.Contains("samesite=lax", browser.Cookies["webhookconsole"], StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", browser.Cookies["webhookconsole.form"], StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Cookies_OverHttps_AreSecureAndOfThisHostOnly()
    {
        await using TestApp app = await StartAsync(("Proxy:KnownProxies:0", "127.0.0.1"));
        using CookieClient browser = new(app, ("X-Forwarded-For", "203.0.113.9"), ("X-Forwarded-Proto", "https"));
        await browser.SignInAsync(Email, Password);
        string session = browser.Cookies["__Host-webhookconsole"];
        Assert.Contains("path=/;", session, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", session, StringComparison.OrdinalIgnoreCase);
        Assert.All(browser.Cookies.Values, c => Assert.Contains("secure", c, StringComparison.OrdinalIgnoreCase));

        // It is the one that is read, and signing out takes it away.
        (HttpResponseMessage home, _) = await browser.SendAsync(HttpMethod.Get, "/");
        Assert.Equal("/p/default", home.Headers.Location?.OriginalString);
        using CookieClient plain = new(app);
        plain.Cookies["webhookconsole"] = session.Replace("__Host-", "", StringComparison.Ordinal);
        (HttpResponseMessage page, _) = await plain.SendAsync(HttpMethod.Get, "/");
        Assert.Equal("/p/default", page.Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("/account/login")]
    [InlineData("/account/logout")]
    [InlineData("/setup")]
    [InlineData("/p/default")]
    public async Task Post_WithoutOrWithAForgedToken_Is400InWords(string path)
    {
        await using TestApp app = await StartAsync();
        foreach (string? token in new[] { null, "", "forged", "CfDJ8AAAA" })
        {
            using CookieClient browser = new(app);
            await browser.SendAsync(HttpMethod.Get, "/account/login");
            Dictionary<string, string> form = new()
            {
                ["_handler"] = "login",
                ["Input.Email"] = Email,
                ["Input.Password"] = Password,
            };
            if (token is not null)
            {
                form["__RequestVerificationToken"] = token;
            }

            (HttpResponseMessage response, string text) = await browser.SendAsync(HttpMethod.Post, path, form);
            if (path == "/p/default")
            {
                // Nobody is signed in, which comes first.
                Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
                continue;
            }

            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.Contains("reload the page and try again", text, StringComparison.Ordinal);
            Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
            Assert.False(browser.Cookies.ContainsKey("webhookconsole"));
        }
    }

    [Theory]
    [InlineData(200_000, 1)]
    [InlineData(10, 5_000)]
    public async Task Post_FormTooLarge_IsRefusedInWords(int length, int fields)
    {
        await using TestApp app = await StartAsync();
        using CookieClient browser = new(app);
        Dictionary<string, string> form = Enumerable.Range(0, fields).ToDictionary(i => "f" + i, _ => new string('x', length), StringComparer.Ordinal);
        (HttpResponseMessage response, string text) = await browser.SubmitAsync("/account/login", form);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Contains("too large", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zz")]
    [InlineData(null)]
    public async Task Post_FormThatThePageDoesNotHave_Is400InWords(string? handler)
    {
        await using TestApp app = await StartAsync();
        (HttpResponseMessage response, string text) = await PostAsync(
            app,
            "/account/login",
            hidden =>
            {
                hidden.Remove("_handler");
                if (handler is not null)
                {
                    hidden["_handler"] = handler;
                }

                return new FormUrlEncodedContent(hidden);
            }
        );
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.NotEmpty(text);
    }

    [SqliteFact("the lock of its file")]
    public async Task Post_WhileTheDatabaseIsLocked_TellsABrowserInWords()
    {
        await using TestApp app = await StartAsync();
        using CookieClient browser = new(app, ("Accept", "text/html"));
        (_, string page) = await browser.SendAsync(HttpMethod.Get, "/account/login");
        Dictionary<string, string> form = CookieClient.HiddenFieldsOf(page);
        (form["Input.Email"], form["Input.Password"]) = (Email, Password);
        await using SqliteConnection locker = new($"Data Source={app.Database.SqliteFile};Pooling=False");
        await locker.OpenAsync();
        await using SqliteCommand begin = locker.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        await begin.ExecuteNonQueryAsync();
        (HttpResponseMessage response, string text) = await browser.SendAsync(HttpMethod.Post, "/account/login", form);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("The database cannot be written now", text, StringComparison.Ordinal);
        Assert.NotNull(response.Headers.RetryAfter);
    }

    /// <summary>A form as it is, with the token of the page it is posted to.</summary>
    private static async Task<(HttpResponseMessage Response, string Text)> PostAsync(
        TestApp app,
        string path,
        Func<Dictionary<string, string>, HttpContent> content
    )
    {
        using CookieClient browser = new(app);
        (HttpResponseMessage page, string text) = await browser.SendAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        return await browser.PostAsync(path, content(CookieClient.HiddenFieldsOf(text)));
    }

    [Theory]
    [InlineData("utf-7")]
    [InlineData("\"utf-7\"")]
    [InlineData("utf-16")]
    [InlineData("no-such-charset")]
    public async Task Post_CharsetOtherThanUtf8_Is400InWords(string charset)
    {
        await using TestApp app = await StartAsync();
        foreach (string path in new[] { "/account/login", "/account/join", "/account/reset" })
        {
            (HttpResponseMessage response, string text) = await PostAsync(
                app,
                path,
                hidden =>
                {
                    FormUrlEncodedContent form = new(hidden);
                    form.Headers.Remove("Content-Type");
                    form.Headers.TryAddWithoutValidation("Content-Type", "application/x-www-form-urlencoded; charset=" + charset);
                    return form;
                }
            );
            Assert.Equal((path, HttpStatusCode.BadRequest), (path, response.StatusCode));
            Assert.StartsWith("This form", text, StringComparison.Ordinal);
        }

        Assert.Empty(app.Log.Errors);
    }

    [Fact]
    public async Task Post_WhatCannotBeReadOrStored_Is400InWords()
    {
        await using TestApp app = await StartAsync();
        Func<Dictionary<string, string>, HttpContent>[] forms =
        [
            hidden =>
            {
                MultipartFormDataContent form = [];
                foreach ((string name, string value) in hidden)
                {
                    form.Add(new StringContent(value), name);
                }

                StringContent part = new("x");
                part.Headers.Remove("Content-Type");
                part.Headers.TryAddWithoutValidation("Content-Type", "text/plain; charset=utf-7");
                form.Add(part, "Input.Email");
                return form;
            },
            hidden =>
            {
                StringContent form = new("no boundary here");
                form.Headers.Remove("Content-Type");
                form.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=" + hidden.Count);
                return form;
            },
            hidden => new FormUrlEncodedContent(new Dictionary<string, string>(hidden) { ["Input.Email"] = "a\0b@example.com", ["Input.Password"] = Password }),
            hidden => new FormUrlEncodedContent(new Dictionary<string, string>(hidden) { ["a\0"] = "" }),
        ];
        foreach (Func<Dictionary<string, string>, HttpContent> form in forms)
        {
            (HttpResponseMessage response, string text) = await PostAsync(app, "/account/login", form);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.StartsWith("This form", text, StringComparison.Ordinal);
        }

        Assert.Empty(app.Log.Errors);
    }

    [Theory]
    [InlineData("UTF-8")]
    [InlineData("\"utf-8\"")]
    public async Task Post_CharsetUtf8_IsTaken(string charset)
    {
        await using TestApp app = await StartAsync();
        (HttpResponseMessage response, _) = await PostAsync(
            app,
            "/account/login",
            hidden =>
            {
                FormUrlEncodedContent form = new(new Dictionary<string, string>(hidden) { ["Input.Email"] = Email, ["Input.Password"] = Password });
                form.Headers.Remove("Content-Type");
                form.Headers.TryAddWithoutValidation("Content-Type", "application/x-www-form-urlencoded; charset=" + charset);
                return form;
            }
        );
        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
    }

    [Theory]
    [InlineData("/account/login?returnUrl=%00&returnUrl=%ff&returnUrl")]
    [InlineData("/account/two-factor?recovery=1&returnUrl=%ff")]
    [InlineData("/account/two-factor?recovery=&recovery=x")]
    [InlineData("/account/join?code=%00&x=%zz")]
    [InlineData("/account/reset?code[]=%f0%9f")]
    [InlineData("/setup?code=%00&code=2")]
    [InlineData("/account/profile?done=%00")]
    public async Task AccountPages_AnyQuery_AreShownOrLeadToTheSignIn(string address)
    {
        await using TestApp app = await StartAsync();
        using CookieClient browser = new(app);
        (HttpResponseMessage response, string text) = await browser.SendAsync(HttpMethod.Get, address);
        Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Redirect, $"{response.StatusCode} {text}");
        Assert.True(response.StatusCode == HttpStatusCode.Redirect || text.Contains("<h1", StringComparison.Ordinal), text);
        Assert.Empty(app.Log.Errors);
    }

    [Fact]
    public async Task SignIn_ReturnUrl_NeverLeadsToAnotherHost()
    {
        await using TestApp app = await StartAsync();
        foreach (
            (string url, string expected) in new[]
            {
                ("/p/default/events?status=failed", "/p/default/events?status=failed"),
                ("//evil.example", "/"),
                ("/\\evil.example", "/"),
                ("\\\\evil.example", "/"),
                ("https://evil.example", "/"),
                ("http:evil.example", "/"),
                ("javascript:alert(1)", "/"),
                ("data:text/html,x", "/"),
                ("/\t/evil.example", "/"),
                ("/\r\nLocation: https://evil.example", "/"),
                ("\t//evil.example", "/"),
                (" //evil.example", "/"),
                ("evil.example", "/"),
            }
        )
        {
            using CookieClient browser = new(app);
            (HttpResponseMessage response, _) = await browser.SignInAsync(Email, Password, "?returnUrl=" + Uri.EscapeDataString(url));
            Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
            Uri target = new(app.Address, response.Headers.Location!);
            Assert.Equal(app.Address.Authority, target.Authority);
            Assert.True(expected == target.PathAndQuery, $"{url} led to {target}");
        }
    }
}
