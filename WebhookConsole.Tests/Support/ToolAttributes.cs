namespace WebhookConsole.Tests.Support;

/// <summary>A fact that needs Node.js; see <see cref="RequiredTool"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute() => Skip = RequiredTool.Node.SkipReason;
}

/// <summary>A theory that needs Node.js; see <see cref="RequiredTool"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeTheoryAttribute : TheoryAttribute
{
    public NodeTheoryAttribute() => Skip = RequiredTool.Node.SkipReason;
}

/// <summary>A fact that needs Python with Flask; see <see cref="RequiredTool"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FlaskFactAttribute : FactAttribute
{
    public FlaskFactAttribute() => Skip = RequiredTool.Flask.SkipReason;
}

/// <summary>A fact that needs Chromium; see <see cref="RequiredTool"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ChromiumFactAttribute : FactAttribute
{
    public ChromiumFactAttribute() => Skip = RequiredTool.Chromium.SkipReason;
}
