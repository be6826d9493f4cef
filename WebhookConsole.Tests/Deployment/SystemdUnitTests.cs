using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using WebhookConsole.Tests.Support;

namespace WebhookConsole.Tests.Deployment;

/// <summary>The systemd unit of docs/deploy.md.</summary>
public sealed partial class SystemdUnitTests
{
    private const double WorstExposure = 2.5;

    private static readonly string s_unit = Manual.Block("deploy.md", "# /etc/systemd/system/webhookconsole.service");

    [SystemdFact]
    public async Task Unit_ExposureThatSystemdCounts_IsLow()
    {
        RequiredTool.SystemdAnalyze.Demand();
        string output = await AnalyzeAsync("security", "--offline=true");
        double exposure = double.Parse(Exposure().Match(output).Groups["value"].Value, CultureInfo.InvariantCulture);
        Assert.True(exposure < WorstExposure, output);
    }

    [Fact]
    public void Unit_WhatTheApplicationWrites_IsInTheFoldersOfTheUnit()
    {
        Assert.Contains("Environment=Storage__Directory=/var/lib/webhookconsole\n", s_unit, StringComparison.Ordinal);
        Assert.Contains("StateDirectory=webhookconsole\n", s_unit, StringComparison.Ordinal);
        Assert.Contains("Environment=DOTNET_BUNDLE_EXTRACT_BASE_DIR=/var/cache/webhookconsole\n", s_unit, StringComparison.Ordinal);
        Assert.Contains("CacheDirectory=webhookconsole\n", s_unit, StringComparison.Ordinal);
    }

    // Tried with strace, which let this one call fail: "Failed to create CoreCLR".
    [Fact]
    public void Unit_CallsThatItForbids_AreNotWhatDotNetStartsWith()
    {
        string[] filters = [.. s_unit.Split('\n').Where(l => l.StartsWith("SystemCallFilter=", StringComparison.Ordinal))];
        Assert.Equal("SystemCallFilter=@system-service", filters[0]);
        Assert.Equal("SystemCallFilter=sched_setaffinity", filters[^1]);
        Assert.DoesNotContain("MemoryDenyWriteExecute", s_unit, StringComparison.Ordinal);
    }

    private static async Task<string> AnalyzeAsync(params string[] arguments)
    {
        string folder = Directory.CreateTempSubdirectory("webhookconsole-unit-").FullName;
        try
        {
            string file = Path.Combine(folder, "webhookconsole.service");
            await File.WriteAllTextAsync(file, s_unit);
            ProcessStartInfo start = new(RequiredTool.SystemdAnalyze.File, [.. arguments, file]) { UseShellExecute = false, RedirectStandardOutput = true };
            using Process process = Process.Start(start)!;
            string output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, output);
            return output;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex(@"Overall exposure level for webhookconsole\.service: (?<value>[0-9.]+)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Exposure();
}
