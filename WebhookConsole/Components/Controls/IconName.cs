namespace WebhookConsole.Components.Controls;

/// <summary>The icons of the console, see <see cref="IconPaths"/>.</summary>
public enum IconName
{
    Overview, Events, Webhook, EventType, Key, Audit, Inbox, Verifier, Settings, User, SignOut, Keyboard, Menu, Close,
    Search, Filter, Plus, Check, CheckCircle, XCircle, Clock, Retry, Pause, Play, Slash, Warning, Info, Shield, Trash,
    Edit, Copy, Download, More, ChevronLeft, ChevronRight, ChevronDown, ArrowRight, External, Send, Replay, Eye, Lock,
    Wrap, Code, Server, Bolt, Rotate, Terminal, Help,
}
