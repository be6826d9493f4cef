using System.Diagnostics;

namespace WebhookConsole.Tests.Support;

/// <summary>
/// The application as a program: the published file where there is one, because it starts two seconds of processor time sooner, otherwise
/// the build beside the tests. <c>.ci/run</c> publishes it.
/// </summary>
public static class BuiltConsole
{
    /// <summary>The published file; null where the tests were not given one.</summary>
    public static string? SingleFile => Environment.GetEnvironmentVariable("WEBHOOKCONSOLE_SINGLE_FILE") is { Length: > 0 } file ? file : null;

    public static string Program => SingleFile ?? "dotnet";

    /// <summary>What stands before the arguments of the application.</summary>
    public static string[] Prefix => SingleFile is null ? [typeof(WebhookConsoleApp).Assembly.Location] : [];

    /// <summary>What <c>appsettings.Development.json</c> says: the file lies beside the build, and not in the published one.</summary>
    public static IReadOnlyDictionary<string, string> Development { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Delivery__AllowHttp"] = "true",
            ["Delivery__AllowedNetworks__0"] = "127.0.0.0/8",
            ["Delivery__AllowedNetworks__1"] = "::1/128",
        };

    /// <summary>To be started, with both outputs redirected.</summary>
    public static ProcessStartInfo Start(params IEnumerable<string> arguments) =>
        new(Program, [.. Prefix, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
}
