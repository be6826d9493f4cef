namespace WebhookConsole.Components.Controls;

/// <summary>
/// Drawn for this product on a 20 × 20 grid with a 1.5 stroke and no fill. Constants, so that they may be rendered as markup.
/// </summary>
internal static class IconPaths
{
    public static string Of(IconName name) =>
        name switch
        {
            IconName.Overview =>
                """<rect x="3" y="3" width="6" height="7.5" rx="1.5"/><rect x="11" y="3" width="6" height="4.5" rx="1.5"/><rect x="3" y="12.5" width="6" height="4.5" rx="1.5"/><rect x="11" y="9.5" width="6" height="7.5" rx="1.5"/>""",
            IconName.Events => """<path d="M2.5 10h3l2.5-6 4 12 2.5-6h3"/>""",
            IconName.Webhook =>
                """<circle cx="10" cy="5" r="2.5"/><circle cx="4.75" cy="14" r="2.5"/><circle cx="15.25" cy="14" r="2.5"/><path d="m8.75 7.2-2.8 4.7M11.25 7.2l2.8 4.7M7.25 14h5.5"/>""",
            IconName.EventType =>
                """<path d="M3 4.5A1.5 1.5 0 0 1 4.5 3h5.1a2 2 0 0 1 1.4.6l5.4 5.4a1.8 1.8 0 0 1 0 2.6l-4.8 4.8a1.8 1.8 0 0 1-2.6 0L3.6 11a2 2 0 0 1-.6-1.4z"/><circle cx="7" cy="7" r="1"/>""",
            IconName.Key => """<circle cx="6.75" cy="13.25" r="3.75"/><path d="M9.5 10.5 16.5 3.5M13.5 6.5l2.5 2.5"/>""",
            IconName.Audit =>
                """<path d="M5.5 2.75h6l4 4v9a1.5 1.5 0 0 1-1.5 1.5H5.5a1.5 1.5 0 0 1-1.5-1.5V4.25a1.5 1.5 0 0 1 1.5-1.5z"/><path d="M11.25 2.75V7h4.25M7 10.5h6M7 13.5h4"/>""",
            IconName.Inbox =>
                """<path d="M3 11.5 5.2 4.7A1.5 1.5 0 0 1 6.6 3.7h6.8a1.5 1.5 0 0 1 1.4 1l2.2 6.8v3.25a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 14.75z"/><path d="M3 11.5h3.75L8 13.5h4l1.25-2H17"/>""",
            IconName.Verifier => """<path d="M10 2.5 16 4.75v4.5c0 3.9-2.5 6.7-6 8.25-3.5-1.55-6-4.35-6-8.25v-4.5z"/><path d="m7.25 9.75 2 2 3.5-3.75"/>""",
            IconName.Shield => """<path d="M10 2.5 16 4.75v4.5c0 3.9-2.5 6.7-6 8.25-3.5-1.55-6-4.35-6-8.25v-4.5z"/><path d="M10 6.75v3.5M10 13v.1"/>""",
            IconName.Settings => """<path d="M3 6h7.5M14.5 6H17M3 14h2.5M9.5 14H17"/><circle cx="12.5" cy="6" r="2"/><circle cx="7.5" cy="14" r="2"/>""",
            IconName.User => """<circle cx="10" cy="7" r="3.25"/><path d="M3.75 16.75c.8-3 3.3-4.5 6.25-4.5s5.45 1.5 6.25 4.5"/>""",
            IconName.SignOut => """<path d="M8 3.25H5a1.5 1.5 0 0 0-1.5 1.5v10.5a1.5 1.5 0 0 0 1.5 1.5h3M13 6.5l3.5 3.5-3.5 3.5M16.5 10H8"/>""",
            IconName.Keyboard =>
                """<rect x="2.25" y="5" width="15.5" height="10" rx="1.75"/><path d="M5.25 8.25h.1M8.4 8.25h.1M11.5 8.25h.1M14.65 8.25h.1M6.75 11.75h6.5"/>""",
            IconName.Menu => """<path d="M3 6h14M3 10h14M3 14h14"/>""",
            IconName.Close => """<path d="m5 5 10 10M15 5 5 15"/>""",
            IconName.Search => """<circle cx="8.75" cy="8.75" r="5.25"/><path d="m12.75 12.75 4 4"/>""",
            IconName.Filter => """<path d="M3 5.5h14M5.75 10h8.5M8.5 14.5h3"/>""",
            IconName.Plus => """<path d="M10 4v12M4 10h12"/>""",
            IconName.Check => """<path d="m4 10.75 3.75 3.75L16 6"/>""",
            IconName.CheckCircle => """<circle cx="10" cy="10" r="7.25"/><path d="m6.75 10.25 2.25 2.25 4.25-4.75"/>""",
            IconName.XCircle => """<circle cx="10" cy="10" r="7.25"/><path d="m7.5 7.5 5 5M12.5 7.5l-5 5"/>""",
            IconName.Clock => """<circle cx="10" cy="10" r="7.25"/><path d="M10 5.75V10l2.75 1.75"/>""",
            IconName.Retry => """<path d="M16.25 9A6.5 6.5 0 0 0 4.6 6.4L3 8.25M3 4v4.25h4.25M3.75 11a6.5 6.5 0 0 0 11.65 2.6L17 11.75M17 16v-4.25h-4.25"/>""",
            IconName.Rotate => """<path d="M16.25 9A6.5 6.5 0 0 0 4.6 6.4L3 8.25M3 4v4.25h4.25M3.75 11a6.5 6.5 0 0 0 11.65 2.6L17 11.75M17 16v-4.25h-4.25"/>""",
            IconName.Pause => """<circle cx="10" cy="10" r="7.25"/><path d="M8.25 7.5v5M11.75 7.5v5"/>""",
            IconName.Play => """<path d="M6 4.2v11.6a.6.6 0 0 0 .9.5l9.3-5.8a.6.6 0 0 0 0-1L6.9 3.7a.6.6 0 0 0-.9.5z"/>""",
            IconName.Slash => """<circle cx="10" cy="10" r="7.25"/><path d="m5 5 10 10"/>""",
            IconName.Warning =>
                """<path d="M8.7 3.75 2.6 14.5a1.5 1.5 0 0 0 1.3 2.25h12.2a1.5 1.5 0 0 0 1.3-2.25L11.3 3.75a1.5 1.5 0 0 0-2.6 0z"/><path d="M10 8v3.25M10 13.9v.1"/>""",
            IconName.Info => """<circle cx="10" cy="10" r="7.25"/><path d="M10 9.25v4.25M10 6.5v.1"/>""",
            IconName.Help => """<circle cx="10" cy="10" r="7.25"/><path d="M7.9 7.9a2.15 2.15 0 1 1 3.2 1.9c-.7.4-1.1.9-1.1 1.7M10 13.9v.1"/>""",
            IconName.Trash =>
                """<path d="M3.5 5.5h13M8 5.5V4a1 1 0 0 1 1-1h2a1 1 0 0 1 1 1v1.5M5 5.5l.7 10a1.5 1.5 0 0 0 1.5 1.4h5.6a1.5 1.5 0 0 0 1.5-1.4l.7-10M8.5 9v4.5M11.5 9v4.5"/>""",
            IconName.Edit => """<path d="m12.25 4.5 3.25 3.25L7 16.25l-4 .75.75-4zM10.75 6 14 9.25"/>""",
            IconName.Copy =>
                """<rect x="7" y="7" width="10" height="10" rx="1.75"/><path d="M13 7V4.75A1.75 1.75 0 0 0 11.25 3h-6.5A1.75 1.75 0 0 0 3 4.75v6.5A1.75 1.75 0 0 0 4.75 13H7"/>""",
            IconName.Download => """<path d="M10 3v9M6.25 8.5 10 12.25l3.75-3.75M3.5 15v.5A1.5 1.5 0 0 0 5 17h10a1.5 1.5 0 0 0 1.5-1.5V15"/>""",
            IconName.More =>
                """<circle cx="4.5" cy="10" r=".9" fill="currentColor"/><circle cx="10" cy="10" r=".9" fill="currentColor"/><circle cx="15.5" cy="10" r=".9" fill="currentColor"/>""",
            IconName.ChevronLeft => """<path d="m12 5-5 5 5 5"/>""",
            IconName.ChevronRight => """<path d="m8 5 5 5-5 5"/>""",
            IconName.ChevronDown => """<path d="m5 8 5 5 5-5"/>""",
            IconName.ArrowRight => """<path d="M3.5 10h13M11.5 5l5 5-5 5"/>""",
            IconName.Expand => """<path d="M11.5 3.5h5v5M16.5 3.5l-5.25 5.25M8.5 16.5h-5v-5M3.5 16.5l5.25-5.25"/>""",
            IconName.Print =>
                """<path d="M6 7.5V3.25h8V7.5M6 14H4.5A1.5 1.5 0 0 1 3 12.5V9a1.5 1.5 0 0 1 1.5-1.5h11A1.5 1.5 0 0 1 17 9v3.5a1.5 1.5 0 0 1-1.5 1.5H14"/><path d="M6 11.5h8v5.25H6z"/>""",
            IconName.External =>
                """<path d="M11.5 3.5h5v5M16.5 3.5l-7 7M8.5 4.5H5A1.5 1.5 0 0 0 3.5 6v9A1.5 1.5 0 0 0 5 16.5h9a1.5 1.5 0 0 0 1.5-1.5v-3.5"/>""",
            IconName.Send => """<path d="M17 3 2.75 8.25l6 3 3 6zM17 3l-8.25 8.25"/>""",
            IconName.Replay => """<path d="M3.5 4v4.25h4.25M3.8 8.2a6.75 6.75 0 1 1-.4 4.3"/>""",
            IconName.Eye => """<path d="M2.25 10S5 4.75 10 4.75 17.75 10 17.75 10 15 15.25 10 15.25 2.25 10 2.25 10z"/><circle cx="10" cy="10" r="2.25"/>""",
            IconName.Lock => """<rect x="4" y="9" width="12" height="8" rx="1.75"/><path d="M6.75 9V6.25a3.25 3.25 0 0 1 6.5 0V9"/>""",
            IconName.Wrap => """<path d="M3 5h14M3 15h5M3 10h11.25a2.5 2.5 0 0 1 0 5H11M12.75 13 11 15l1.75 2"/>""",
            IconName.Code => """<path d="m7 6-4 4 4 4M13 6l4 4-4 4"/>""",
            IconName.Server =>
                """<rect x="3" y="3.5" width="14" height="5.5" rx="1.5"/><rect x="3" y="11" width="14" height="5.5" rx="1.5"/><path d="M6 6.25h.1M6 13.75h.1"/>""",
            IconName.Bolt => """<path d="M11 2.5 4.5 11.25H10l-1 6.25 6.5-8.75H10z"/>""",
            IconName.Terminal => """<rect x="2.5" y="3.5" width="15" height="13" rx="1.75"/><path d="m5.75 7.5 2.5 2.5-2.5 2.5M10 12.75h4"/>""",
            IconName.People =>
                """<circle cx="7.25" cy="7" r="2.75"/><path d="M2.25 16c.6-2.6 2.6-3.9 5-3.9s4.4 1.3 5 3.9M12.75 4.4a2.75 2.75 0 0 1 0 5.2M14.5 12.4c1.7.5 2.8 1.7 3.25 3.6"/>""",
            IconName.Project =>
                """<path d="M2.75 6A1.5 1.5 0 0 1 4.25 4.5h3.4l2 2.25h6.1a1.5 1.5 0 0 1 1.5 1.5v6a1.5 1.5 0 0 1-1.5 1.5H4.25a1.5 1.5 0 0 1-1.5-1.5z"/>""",
            IconName.Mail => """<rect x="2.5" y="4.5" width="15" height="11" rx="1.75"/><path d="m3 6 7 5 7-5"/>""",
            IconName.Link => """<path d="M8.5 11.5a3 3 0 0 0 4.25 0l3-3A3 3 0 0 0 11.5 4.25l-1 1M11.5 8.5a3 3 0 0 0-4.25 0l-3 3a3 3 0 0 0 4.25 4.25l1-1"/>""",
            IconName.Sun =>
                """<circle cx="10" cy="10" r="3.25"/><path d="M10 2.5v1.75M10 15.75v1.75M2.5 10h1.75M15.75 10h1.75M4.7 4.7l1.25 1.25M14.05 14.05l1.25 1.25M4.7 15.3l1.25-1.25M14.05 5.95l1.25-1.25"/>""",
            IconName.Screen => """<rect x="2.5" y="3.5" width="15" height="10.5" rx="1.5"/><path d="M7 17h6M10 14v3"/>""",
            IconName.Moon => """<path d="M16.75 11.75A7 7 0 0 1 8.25 3.25a7 7 0 1 0 8.5 8.5z"/>""",
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        };
}
