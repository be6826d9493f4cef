using System.Text;

namespace WebhookConsole.Benchmarks.Hostile;

/// <summary>A request, as bytes.</summary>
/// <param name="Name">For people who want to send it again.</param>
/// <param name="IsApi">The sender is a program: it must never get HTML.</param>
internal sealed record HostileRequest(string Name, byte[] Bytes, bool IsApi);

/// <summary>Writes requests with headers and framing that HTTP does not allow, now and then.</summary>
internal sealed class HostileFraming(Random random)
{
    private static readonly string[] s_types =
    [
        "application/json",
        "application/json; charset=utf-8",
        "application/json; charset=klingon",
        "application/json; charset=\"",
        "application/x-www-form-urlencoded",
        "application/x-www-form-urlencoded; charset=utf-7",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "text/plain; charset=utf-16",
        "text/html",
        "garbage",
        "a/b/c; ;;=;",
        "application/x-ndjson",
    ];

    private static readonly string[] s_more =
    [
        "Content-Encoding: gzip",
        "Content-Encoding: br, gzip, x",
        "Transfer-Encoding: gzip",
        "Expect: 100-continue",
        "Expect: the-impossible",
        "Upgrade: websocket\r\nConnection: Upgrade",
        "Upgrade: h2c\r\nHTTP2-Settings: AAAA",
        "If-Match: \"99999999999999999999\"",
        "If-Match: W/\"1\", \"2\"",
        "If-None-Match: *",
        "If-Modified-Since: yesterday",
        "Range: bytes=0-99999999999999999999",
        "Idempotency-Key: ",
        "Idempotency-Key: a\r\nIdempotency-Key: b",
        "Idempotency-Key: same-for-all",
        "Accept: text/html",
        "Accept: \";;;,,,",
        "Accept-Language: zz-ZZ-zz;q=9",
        "Accept-Encoding: gzip;q=x, *;q=0",
        "Cookie: webhookconsole=AAAA; webhookconsole=BBBB",
        "Cookie: \";;=;\u0001",
        "X-Forwarded-For: 1.2.3.4, ::1, nonsense\r\nX-Forwarded-Proto: gopher\r\nX-Forwarded-Host: evil.example.com",
        "X-HTTP-Method-Override: DELETE",
        "Origin: null\r\nReferer: ::::",
        "traceparent: 00-zz-zz-zz\r\nbaggage: ==,,==",
        "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-ff",
        "Folded: a\r\n b",
        "NoColon",
        ": empty",
        "Spaced : a",
        "Nul: a\0b",
        "Content-Type: text/plain\r\nContent-Type: application/json",
        "Authorization: Basic YTpi",
        "Host: other.example.com",
    ];

    private static readonly string[] s_chunks =
    [
        "zz\r\nabc\r\n0\r\n\r\n",
        "-1\r\nabc\r\n0\r\n\r\n",
        "FFFFFFFFFFFFFFFFF\r\nabc\r\n0\r\n\r\n",
        "7FFFFFFF\r\nabc",
        "3\r\nabcdef\r\n0\r\n\r\n",
        "3;ext=\"\r\nabc\r\n0\r\n\r\n",
        "3\nabc\n0\n\n",
        "0\r\nTrailer: a\r\nContent-Length: 5\r\n\r\n",
        "3\r\nabc\r\n",
        "\r\n\r\n",
    ];

    private static readonly string[] s_versions = ["HTTP/1.0", "HTTP/1.2", "HTTP/2.0", "HTTP/9.9", "http/1.1", ""];

    public byte[] Write(string method, string target, string? authorization, byte[]? body)
    {
        StringBuilder head = new();
        head.Append(method).Append(' ').Append(target).Append(' ').Append(Rarely() ? Pick(s_versions) : "HTTP/1.1").Append("\r\n");
        if (!Rarely())
        {
            head.Append(Rarely() ? "Host: \"<bad>\r\n" : "Host: localhost\r\n");
        }

        head.Append("Connection: close\r\n");
        if (authorization is not null)
        {
            head.Append("Authorization: ").Append(authorization).Append("\r\n");
        }

        // One thing wrong at a time reaches further than many.
        for (int more = random.Next(3) == 0 ? random.Next(1, 4) : 0; more > 0; more--)
        {
            head.Append(Pick(s_more)).Append("\r\n");
        }

        if (Rarely())
        {
            head.Append("X-Long: ").Append('a', random.Next(40_000)).Append("\r\n");
        }

        if (Rarely())
        {
            head.Insert(head.Length, string.Concat(Enumerable.Range(0, random.Next(150)).Select(i => $"X-{i}: {i}\r\n")));
        }

        byte[] framed = body is null ? [] : Framed(head, body);
        head.Append("\r\n");
        return [.. Encoding.Latin1.GetBytes(head.ToString()), .. framed];
    }

    // Adds the headers of the body, and returns what follows the head.
    private byte[] Framed(StringBuilder head, byte[] body)
    {
        head.Append("Content-Type: ").Append(random.Next(3) == 0 ? Pick(s_types) : s_types[0]).Append("\r\n");
        switch (random.Next(24))
        {
            case 0:
                head.Append("Transfer-Encoding: chunked\r\n");
                return Encoding.Latin1.GetBytes(Pick(s_chunks));
            case 1:
                head.Append("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n");
                return Chunked(body);
            case 2:
                head.Append("Content-Length: 5\r\nContent-Length: 6\r\n");
                return body;
            case 3:
                head.Append("Content-Length: ").Append(body.Length + 1000).Append("\r\n");
                return body;
            case 4:
                head.Append("Content-Length: ").Append(Pick(["-1", "x", "99999999999999999999", "1,1", "+5", ""])).Append("\r\n");
                return body;
            case 5:
                head.Append("Content-Length: ").Append(body.Length / 2).Append("\r\n");
                return body;
            case 6:
                return body;
            case 7 or 8:
                head.Append("Transfer-Encoding: chunked\r\n");
                return Chunked(body);
            default:
                head.Append("Content-Length: ").Append(body.Length).Append("\r\n");
                return body;
        }
    }

    private static byte[] Chunked(byte[] body) =>
        body.Length == 0 ? "0\r\n\r\n"u8.ToArray() : [.. Encoding.ASCII.GetBytes($"{body.Length:x}\r\n"), .. body, .. "\r\n0\r\n\r\n"u8];

    private bool Rarely() => random.Next(40) == 0;

    private T Pick<T>(T[] all) => all[random.Next(all.Length)];
}
