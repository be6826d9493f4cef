using System.Reflection;
using Microsoft.Extensions.Configuration.Json;

namespace WebhookConsole.Configuration;

/// <summary>The shipped appsettings.json, which the published single file carries inside itself.</summary>
internal static class ConsoleDefaults
{
    /// <summary>Adds it below everything else: a file beside the executable, the environment and arguments override it.</summary>
    public static void AddDefaults(this IConfigurationManager configuration)
    {
        Stream defaults = Assembly.GetExecutingAssembly().GetManifestResourceStream("appsettings.json")!;
        configuration.Sources.Insert(0, new JsonStreamConfigurationSource { Stream = defaults });
    }
}
