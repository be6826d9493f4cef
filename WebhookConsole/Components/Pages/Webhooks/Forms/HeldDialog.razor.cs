using Microsoft.AspNetCore.Components;
using WebhookConsole.Deliveries.Recoveries;
using WebhookConsole.Domain;
using WebhookConsole.Ui;

namespace WebhookConsole.Components.Pages.Webhooks.Forms;

/// <summary>Asks what happens to held deliveries, before a webhook is turned on or while it is on.</summary>
public sealed partial class HeldDialog
{
    private Option _option;
    private DateTime? _since;
    private RecoveryEstimate? _sinceCount;
    private string _type = "";
    private bool _probeFirst = true;

    private enum Option
    {
        All,
        Since,
        Type,
        Discard,
    }

    /// <summary>Name of the webhook.</summary>
    [Parameter, EditorRequired]
    public string Name { get; set; } = "";

    /// <summary>All that is held.</summary>
    [Parameter, EditorRequired]
    public RecoveryEstimate Held { get; set; } = default!;

    /// <summary>True when the webhook is turned on with the answer.</summary>
    [Parameter]
    public bool TurnsOn { get; set; }

    /// <summary>Counts what is held since a time; null when counting failed.</summary>
    [Parameter, EditorRequired]
    public Func<DateTimeOffset, Task<RecoveryEstimate?>> CountSince { get; set; } = default!;

    private bool One => Held is { Total: 1, More: false };

    private string Counted => Count(Held);

    private List<(string Type, int Count)> Types =>
        [.. Held.Groups.GroupBy(g => g.EventType, StringComparer.Ordinal).Select(g => (g.Key, g.Sum(x => x.Count))).OrderByDescending(t => t.Item2)];

    private bool Ready => _option != Option.Since || _sinceCount is { Total: > 0 };

    private string Action =>
        (_option, TurnsOn) switch
        {
            (Option.Discard, true) => "Turn on and discard",
            (Option.Discard, false) => "Discard",
            (_, true) => "Turn on and send",
            _ => "Send",
        };

    protected override void OnInitialized() => _type = Types is [var (most, _), ..] ? most : "";

    private static string Count(RecoveryEstimate estimate) =>
        estimate is { Total: 1, More: false } ? "1 delivery" : $"{Formats.Count(estimate.Total)}{(estimate.More ? "+" : "")} deliveries";

    private async Task CountSinceAsync() => _sinceCount = _since is { } since ? await CountSince(Time.FromLocal(since)) : null;

    private void Submit()
    {
        if (!Ready)
        {
            return;
        }

        Dialogs.Close(
            _option == Option.Discard
                ? new HeldChoice(HeldAction.Discard)
                : new HeldChoice(HeldAction.Send)
                {
                    Since = _option == Option.Since && _since is { } since ? Time.FromLocal(since) : null,
                    EventTypes = _option == Option.Type && EventFilter.TryCreate([_type], out EventFilter? type, out _) ? type : EventFilter.All,
                    ProbeFirst = _probeFirst,
                }
        );
    }
}
