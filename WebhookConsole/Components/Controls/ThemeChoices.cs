namespace WebhookConsole.Components.Controls;

/// <summary>The themes that a person can choose in this browser; theme.js knows them by name.</summary>
public static class ThemeChoices
{
    public static IReadOnlyList<(string Name, string Text, IconName Icon)> All { get; } =
    [("system", "System theme", IconName.Screen), ("light", "Light theme", IconName.Sun), ("dark", "Dark theme", IconName.Moon)];
}
