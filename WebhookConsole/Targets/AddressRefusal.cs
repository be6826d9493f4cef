using System.Net;

namespace WebhookConsole.Targets;

/// <summary>Why an address may not be connected to.</summary>
/// <param name="Address">The address as it was given.</param>
/// <param name="Range">Name of the range it is in, such as "loopback".</param>
/// <param name="Meaning">What is in that range, as the end of a sentence: "is for private networks".</param>
/// <param name="Sentence">For those who know the address already: what it is and what to do.</param>
public sealed record AddressRefusal(IPAddress Address, string Range, string Meaning, string Sentence);
