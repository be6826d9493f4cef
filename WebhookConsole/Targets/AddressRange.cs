using System.Net;

namespace WebhookConsole.Targets;

/// <summary>A range of addresses that no webhook may lead to.</summary>
/// <param name="Network">The range.</param>
/// <param name="Name">Its name, such as "private".</param>
/// <param name="Meaning">What is there, as the end of a sentence: "is for private networks".</param>
public sealed record AddressRange(IPNetwork Network, string Name, string Meaning)
{
    /// <summary>Not opened by a larger network around it.</summary>
    public bool OnlyByItself { get; init; }
}
