namespace WebhookConsole.Components.Controls;

/// <param name="Href">Path of the tab; a query is ignored when the current one is found.</param>
/// <param name="Below">True when pages below its address belong to it.</param>
/// <param name="Count">Shown as a small number; null for none.</param>
public sealed record TabItem(string Text, string Href, long? Count = null, bool Below = false);
