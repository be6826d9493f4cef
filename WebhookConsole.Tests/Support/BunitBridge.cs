using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace WebhookConsole.Tests.Support;

/// <summary>
/// Lets bunit run where the feed has AngleSharp.Diffing 0.17 and bunit asks for 1.0: the same assembly name is answered
/// with the version that is there. Goes together with build/Bunit.targets.
/// </summary>
internal static class BunitBridge
{
    [ModuleInitializer]
    internal static void Register() =>
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            name is { Name: "AngleSharp.Diffing", Version: not null } ? context.LoadFromAssemblyName(new AssemblyName(name.Name)) : null;
}
