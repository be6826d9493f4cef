using System.Text.Json;

namespace WebhookConsole.Benchmarks.Hostile;

/// <summary>What the requests are made from.</summary>
/// <param name="Document">The OpenAPI document.</param>
/// <param name="Pages">Templates of the console's pages and of other addresses, such as <c>/p/{project}/events</c>.</param>
/// <param name="Token">One that may do everything.</param>
/// <param name="Ids">Of what is there.</param>
internal sealed record HostileTargets(JsonElement Document, IReadOnlyList<string> Pages, string Token, IReadOnlyList<string> Ids);

/// <summary>Requests without end, the same for the same seed: each call of the API and each page, with something wrong in it.</summary>
internal sealed class HostileRequests
{
    private static readonly string[] s_methods = ["PUT", "TRACE", "OPTIONS", "HEAD", "CONNECT", "get", "FOO", "PROPFIND", "", "DELETE", "PATCH", "GET", "POST"];

    // It is not in the document.
    private static readonly JsonElement s_mcp = JsonDocument
        .Parse(
            """
            {"requestBody":{"content":{"application/json":{"example":
            {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"find_deliveries","arguments":{"limit":5}}}}}}}
            """
        )
        .RootElement;

    private readonly Random _random;
    private readonly HostileBodies _bodies;
    private readonly HostileFraming _framing;
    private readonly HostileTargets _targets;
    private readonly (string Method, string Path, JsonElement Operation)[] _calls;

    public HostileRequests(HostileTargets targets, int seed)
    {
        _random = new Random(seed);
        _bodies = new HostileBodies(_random);
        _framing = new HostileFraming(_random);
        _targets = targets;
        _calls =
        [
            .. from path in targets.Document.GetProperty("paths").EnumerateObject()
            from method in path.Value.EnumerateObject()
            select (method.Name.ToUpperInvariant(), path.Name, method.Value),
            ("POST", "/mcp", s_mcp),
        ];
    }

    /// <summary>Every call and page comes up in turn.</summary>
    public IEnumerable<HostileRequest> All()
    {
        for (int i = 0; ; i++)
        {
            int turn = i % (_calls.Length + _targets.Pages.Count);
            yield return turn < _calls.Length ? OfCall(_calls[turn]) : OfPage(_targets.Pages[turn - _calls.Length]);
        }
    }

    private HostileRequest OfCall((string Method, string Path, JsonElement Operation) call)
    {
        JsonElement? example =
            call.Operation.TryGetProperty("requestBody", out JsonElement body)
            && body.GetProperty("content").EnumerateObject().First().Value.TryGetProperty("example", out JsonElement given)
                ? given
                : null;
        string method = _random.Next(12) == 0 ? Pick(s_methods) : call.Method;
        string target = Filled(call.Path) + Query(call.Operation);
        byte[]? sent = call.Method == "GET" && _random.Next(6) > 0 ? null : _bodies.Of(example);
        return new HostileRequest($"{method} {Short(target)}", _framing.Write(method, target, Authorization(), sent), IsApi: !Climbs(target));
    }

    private HostileRequest OfPage(string page)
    {
        string method =
            _random.Next(3) == 0 ? "POST"
            : _random.Next(8) == 0 ? Pick(s_methods)
            : "GET";
        string target = Filled(page) + Query(null);
        byte[]? sent = method is "GET" or "HEAD" ? null : _bodies.Of(null);
        return new HostileRequest($"{method} {Short(target)}", _framing.Write(method, target, null, sent), IsApi: false);
    }

    private string Filled(string template)
    {
        string path = string.Join(
            '/',
            template
                .Split('/')
                .Select(part =>
                    !part.StartsWith('{') ? part
                    : part.StartsWith("{project", StringComparison.Ordinal) && _random.Next(8) > 0 ? "default"
                    : _random.Next(2) == 0 ? _targets.Ids[_random.Next(_targets.Ids.Count)]
                    : Escaped(Pick(HostileValues.Texts))
                )
        );
        return _random.Next(30) == 0 ? path + Pick(["/", "//", "/%2e%2e/", "%", "%00", "/./", ";a=b", "#x"]) : path;
    }

    private string Query(JsonElement? operation)
    {
        if (_random.Next(3) > 0)
        {
            return "";
        }

        string[] names =
        [
            .. operation is { } call && call.TryGetProperty("parameters", out JsonElement parameters)
                ? parameters.EnumerateArray().Where(p => p.GetProperty("in").GetString() == "query").Select(p => p.GetProperty("name").GetString()!)
                : ["status", "page", "returnUrl", "since", "range", "id", "q"],
        ];
        List<string> parts = [];
        for (int n = _random.Next(1, 5); n > 0; n--)
        {
            string name = names.Length == 0 || _random.Next(8) == 0 ? Escaped(Pick(HostileValues.Texts)) : Pick(names);
            parts.Add(_random.Next(10) == 0 ? name : $"{name}={(_random.Next(6) == 0 ? _targets.Ids[0] : Escaped(Pick(HostileValues.Texts)))}");
        }

        return "?" + string.Join('&', parts);
    }

    // Such an address leads out of the API, to a page for people.
    private static bool Climbs(string target) => target.Contains("..", StringComparison.Ordinal) || target.Contains("%2e", StringComparison.OrdinalIgnoreCase);

    private string? Authorization() =>
        _random.Next(16) switch
        {
            0 => null,
            1 => "Bearer " + Escaped(Pick(HostileValues.Texts)),
            2 => "Bearer eyJhbGciOiJub25lIn0.e30.",
            3 => Pick(["Basic YTpi", "Bearer", "Digest x", "bearer  ", "Bearer a b"]),
            _ => "Bearer " + _targets.Token,
        };

    // Mostly as a client would write it, sometimes as it is.
    private string Escaped(string text) =>
        _random.Next(10) == 0 && text.All(c => c is > ' ' and <= '~')
            ? text
            : Uri.EscapeDataString(text.Length > 400 && _random.Next(10) > 0 ? text[..400] : text);

    private T Pick<T>(T[] all) => all[_random.Next(all.Length)];

    private static string Short(string text) => text.Length > 200 ? text[..200] + "…" : text;
}
