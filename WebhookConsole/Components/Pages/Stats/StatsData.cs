using WebhookConsole.Components.Controls.Charts;
using WebhookConsole.Deliveries;

namespace WebhookConsole.Components.Pages.Stats;

/// <summary>What the charts of a page show, read together.</summary>
/// <param name="Changes">What people and the engine did to the webhooks in this time; empty for those who may not read the audit log.</param>
public sealed record StatsData(ChartRange Range, StatsSeries Series, IReadOnlyList<WebhookChange> Changes);
