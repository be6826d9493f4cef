using System.Reflection;
using Microsoft.Extensions.Configuration.Json;

namespace WebhookConsole.Configuration;

/// <summary>The shipped appsettings.json, which is embedded in the published single file.</summary>
internal static class ConsoleDefaults
{
    /// <summary>Adds it with the lowest priority: a file beside the executable, the environment and arguments override it.</summary>
    public static void AddDefaults(this IConfigurationManager configuration)
    {
        Stream defaults = Assembly.GetExecutingAssembly().GetManifestResourceStream("appsettings.json")!;
        configuration.Sources.Insert(0, new JsonStreamConfigurationSource { Stream = defaults });
    }
}
