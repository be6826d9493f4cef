using System.Globalization;

namespace WebhookConsole.Tokens;

/// <summary>What the limit of a token or person said to a call.</summary>
/// <param name="Limit">Calls per second.</param>
/// <param name="Remaining">What is left of them.</param>
public readonly record struct CallLimit(bool IsAllowed, int Limit, long Remaining)
{
    /// <summary>Bound to be enough: the limit fills up again within a second.</summary>
    public static readonly TimeSpan Wait = TimeSpan.FromSeconds(1);

    private const string Reset = "1";

    /// <summary>
    /// Says it in the headers of the answer, whatever the answer is (draft-ietf-httpapi-ratelimit-headers-06, which clients know; later drafts
    /// have other names).
    /// </summary>
    public void WriteTo(HttpResponse response) => response.OnStarting(Set, new State(response.Headers, this));

    // They are set at the last moment, because an error clears earlier headers.
    private static Task Set(object state)
    {
        (IHeaderDictionary headers, CallLimit limit) = (State)state;
        string all = limit.Limit.ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Limit"] = all;
        headers["RateLimit-Remaining"] = Math.Max(0, limit.Remaining).ToString(CultureInfo.InvariantCulture);
        headers["RateLimit-Reset"] = Reset;
        headers["RateLimit-Policy"] = all + ";w=1";
        return Task.CompletedTask;
    }

    private sealed record State(IHeaderDictionary Headers, CallLimit Limit);
}
