using Microsoft.Extensions.Options;
using WebhookConsole.Configuration;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Gate;

/// <summary>Counts the circuits of each person and of everybody (<c>Console:MaxCircuitsPerUser</c>, <c>Console:MaxCircuits</c>).</summary>
public sealed class CircuitLimits(IOptions<ConsoleOptions> options)
{
    // A refused circuit only shows the reason. Those are limited as well.
    private const int RefusedToo = 2;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _ofUsers = new(StringComparer.Ordinal);
    private int _all;

    /// <summary>Open circuits, including those that wait for their browser to come back.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _all;
            }
        }
    }

    /// <summary>Adds a circuit to the count.</summary>
    /// <returns>Null when it is admitted; otherwise the sentence to show instead of the page.</returns>
    /// <exception cref="InvalidOperationException">Too many were already refused, so this one has to end immediately. It is not counted.</exception>
    public string? Enter(string user)
    {
        lock (_gate)
        {
            ConsoleOptions limits = options.Value;
            int own = _ofUsers.GetValueOrDefault(user);
            if (own >= RefusedToo * limits.MaxCircuitsPerUser || _all >= RefusedToo * limits.MaxCircuits)
            {
                throw new InvalidOperationException("Too many open pages.");
            }

            _ofUsers[user] = own + 1;
            _all++;
            return own >= limits.MaxCircuitsPerUser
                    ? $"You have {Formats.Count(own, "page", "pages")} of the console open, and one person may have {limits.MaxCircuitsPerUser}. Close some of the other tabs, wait a moment, then reload this page."
                : _all > limits.MaxCircuits
                    ? $"{limits.MaxCircuits} pages of the console are open, which is as many as this server allows. Try again in a few minutes, or ask an owner to raise Console:MaxCircuits."
                : null;
        }
    }

    /// <summary>Removes a circuit from the count.</summary>
    public void Leave(string user)
    {
        lock (_gate)
        {
            _all--;
            if (--_ofUsers[user] == 0)
            {
                _ofUsers.Remove(user);
            }
        }
    }
}
