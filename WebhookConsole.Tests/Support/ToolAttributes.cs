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

/// <summary>A fact that needs Python 3; see <see cref="RequiredTool"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute() => Skip = RequiredTool.Python.SkipReason;
}

/// <summary>A fact that needs PHP; see <see cref="RequiredTool"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PhpFactAttribute : FactAttribute
{
    public PhpFactAttribute() => Skip = RequiredTool.Php.SkipReason;
}

/// <summary>A fact that needs Ruby; see <see cref="RequiredTool"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RubyFactAttribute : FactAttribute
{
    public RubyFactAttribute() => Skip = RequiredTool.Ruby.SkipReason;
}

/// <summary>A fact that needs Go; see <see cref="RequiredTool"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class GoFactAttribute : FactAttribute
{
    public GoFactAttribute() => Skip = RequiredTool.Go.SkipReason;
}

/// <summary>A fact that needs a Java development kit; see <see cref="RequiredTool"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class JavaFactAttribute : FactAttribute
{
    public JavaFactAttribute() => Skip = RequiredTool.Java.SkipReason;
}

/// <summary>A fact that needs curl and openssl; see <see cref="RequiredTool"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class CurlFactAttribute : FactAttribute
{
    public CurlFactAttribute() => Skip = RequiredTool.Curl.SkipReason;
}

/// <summary>A fact that needs nginx and Chromium; see <see cref="RequiredTool"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NginxFactAttribute : FactAttribute
{
    public NginxFactAttribute() => Skip = RequiredTool.Nginx.SkipReason ?? RequiredTool.Chromium.SkipReason;
}

/// <summary>A fact that needs nginx, Chromium and PostgreSQL; see <see cref="RequiredTool"/> and <see cref="RequiredPostgres"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NginxClusterFactAttribute : FactAttribute
{
    public NginxClusterFactAttribute() => Skip = RequiredTool.Nginx.SkipReason ?? RequiredTool.Chromium.SkipReason ?? RequiredPostgres.SkipReason;
}

/// <summary>A fact that needs systemd-analyze; see <see cref="RequiredTool"/>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SystemdFactAttribute : FactAttribute
{
    public SystemdFactAttribute() => Skip = RequiredTool.SystemdAnalyze.SkipReason;
}
