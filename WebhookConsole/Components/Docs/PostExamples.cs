namespace WebhookConsole.Components.Docs;

/// <summary>A program that posts one event and can safely be run again after any failure.</summary>
/// <param name="Language">As shown.</param>
/// <param name="Code">With the address of this installation; the token is in the environment.</param>
public sealed record PostExample(string Language, string Code);

/// <summary>The programs of the quick start. Tests run them against the application.</summary>
public static class PostExamples
{
    /// <param name="origin">Scheme and host of this installation.</param>
    /// <param name="project">Slug.</param>
    public static IReadOnlyList<PostExample> Of(string origin, string project)
    {
        string url = $"{origin.TrimEnd('/')}/api/v1/projects/{project}/events";
        return [new("curl", Curl(url)), new("C#", CSharp(url)), new("Node.js", Node(url)), new("Python", Python(url))];
    }

    private static string Curl(string url) =>
        $$$"""
            curl --fail-with-body --retry 5 --retry-all-errors -X POST '{{{url}}}' \
              -H "Authorization: Bearer $WEBHOOKCONSOLE_TOKEN" \
              -H 'Content-Type: application/json' \
              -d '{"id":"order-1001-created","type":"order.created","payload":{"orderId":"ord_1001","total":129.9}}'
            """;

    private static string CSharp(string url) =>
        $$$"""
            using System.Net.Http;
            using System.Net.Http.Headers;
            using System.Net.Http.Json;

            using HttpClient http = new();
            http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Environment.GetEnvironmentVariable("WEBHOOKCONSOLE_TOKEN"));

            // The id makes a repeated post harmless, so any failure can be retried.
            var order = new { id = "order-1001-created", type = "order.created", payload = new { orderId = "ord_1001", total = 129.9 } };
            for (int attempt = 1; ; attempt++)
            {
                try
                {
                    using HttpResponseMessage answer = await http.PostAsJsonAsync("{{{url}}}", order);
                    if ((int)answer.StatusCode is not (429 or >= 500) || attempt == 5)
                    {
                        Console.WriteLine($"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
                        break;
                    }
                }
                catch (HttpRequestException) when (attempt < 5) { }
                await Task.Delay(TimeSpan.FromSeconds(Math.Pow(2, attempt)));
            }
            """;

    private static string Node(string url) =>
        $$$"""
            // The id makes a repeated post harmless, so any failure can be retried.
            const order = { id: 'order-1001-created', type: 'order.created', payload: { orderId: 'ord_1001', total: 129.9 } };
            for (let attempt = 1; ; attempt++) {
              try {
                const answer = await fetch('{{{url}}}', {
                  method: 'POST',
                  headers: { 'Authorization': `Bearer ${process.env.WEBHOOKCONSOLE_TOKEN}`, 'Content-Type': 'application/json' },
                  body: JSON.stringify(order),
                });
                if (answer.status !== 429 && answer.status < 500 || attempt === 5) {
                  console.log(answer.status, await answer.text());
                  break;
                }
              } catch (error) {
                if (attempt === 5) throw error;
              }
              await new Promise(resolve => setTimeout(resolve, 1000 * 2 ** attempt));
            }
            """;

    private static string Python(string url) =>
        $$$"""
            import json, os, time, urllib.error, urllib.request

            # The id makes a repeated post harmless, so any failure can be retried.
            order = {"id": "order-1001-created", "type": "order.created", "payload": {"orderId": "ord_1001", "total": 129.9}}
            request = urllib.request.Request(
                "{{{url}}}",
                data=json.dumps(order).encode(),
                headers={"Authorization": f"Bearer {os.environ['WEBHOOKCONSOLE_TOKEN']}", "Content-Type": "application/json"},
            )
            for attempt in range(1, 6):
                try:
                    with urllib.request.urlopen(request, timeout=30) as answer:
                        print(answer.status, answer.read().decode())
                    break
                except urllib.error.HTTPError as error:
                    if (error.code != 429 and error.code < 500) or attempt == 5:
                        raise
                except urllib.error.URLError:
                    if attempt == 5:
                        raise
                time.sleep(2 ** attempt)
            """;
}
