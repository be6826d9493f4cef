using System.Net;

namespace WebhookConsole.Targets;

/// <summary>Why an address may not be connected to.</summary>
/// <param name="Address">The address as it was given.</param>
/// <param name="Range">Name of the range it is in, such as "loopback".</param>
/// <param name="Sentence">For people: what the address is and what to do.</param>
public sealed record AddressRefusal(IPAddress Address, string Range, string Sentence);
