using System.Diagnostics;

namespace WebhookConsole.Tests.Support;

/// <summary>
/// A program that some tests need. Where it is missing they are skipped with the reason; with <c>CI=true</c> they run and fail, so that
/// a machine that lost a tool cannot pass.
/// </summary>
public sealed class RequiredTool
{
    private const string HeadlessShell = "/usr/bin/chromium-headless-shell";

    private readonly Lazy<bool> _present;

    private RequiredTool(string name, string file, params string[] check)
    {
        Name = name;
        File = file;
        _present = new Lazy<bool>(() => Answers(file, check));
    }

    /// <summary>Node.js with npm.</summary>
    public static RequiredTool Node { get; } = new("Node.js with npm", "npm", "--version");

    /// <summary>The system's Python with Flask (Debian: python3-flask, which other interpreters do not see).</summary>
    public static RequiredTool Flask { get; } = new("Python 3 with Flask", "/usr/bin/python3", "-c", "import flask");

    /// <summary>Python alone.</summary>
    public static RequiredTool Python { get; } = new("Python 3", "python3", "--version");

    /// <summary>Debian: php-cli.</summary>
    public static RequiredTool Php { get; } = new("PHP", "php", "--version");

    /// <summary>Ruby with WEBrick, which Debian's package brings.</summary>
    public static RequiredTool Ruby { get; } = new("Ruby with WEBrick", "ruby", "-e", "require 'webrick'");

    /// <summary>Debian: golang-go.</summary>
    public static RequiredTool Go { get; } = new("Go", "go", "version");

    /// <summary>A Java development kit; Debian: default-jdk-headless.</summary>
    public static RequiredTool Java { get; } = new("a Java development kit", "javac", "--version");

    /// <summary>curl with OpenSSL's command line, in a POSIX shell.</summary>
    public static RequiredTool Curl { get; } = new("curl with openssl", "/bin/sh", "-c", "curl --version && openssl version");

    /// <summary>Debian's nginx, which is not in everybody's path.</summary>
    public static RequiredTool Nginx { get; } = new("nginx", "/usr/sbin/nginx", "-v");

    /// <summary>Debian: systemd.</summary>
    public static RequiredTool SystemdAnalyze { get; } = new("systemd-analyze", "systemd-analyze", "--version");

    /// <summary>
    /// Debian's Chromium, driven through Playwright; better without the window (Debian: chromium-headless-shell), which draws pages alone and
    /// takes half of the processor time.
    /// </summary>
    public static RequiredTool Chromium { get; } = new("Chromium", System.IO.File.Exists(HeadlessShell) ? HeadlessShell : "/usr/bin/chromium", "--version");

    public static bool InCi => string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);

    public string Name { get; }

    public string File { get; }

    /// <summary>Why a test that needs the tool is skipped; null to run it.</summary>
    public string? SkipReason => _present.Value || InCi ? null : $"NOT TESTED: {Name} is not installed here.";

    /// <exception cref="InvalidOperationException">The tool is missing.</exception>
    public void Demand()
    {
        if (!_present.Value)
        {
            throw new InvalidOperationException($"{Name} is not installed, and CI=true does not let the tests that need it be skipped.");
        }
    }

    private static bool Answers(string file, string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(file, arguments)
                {
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
            _ = process.StandardError.ReadToEndAsync();
            _ = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
