using System.Net;

namespace WebhookConsole.Targets;

/// <summary>What the outbound guard says of one address of a host.</summary>
/// <param name="Address">As resolved, or as it stands in the URL.</param>
/// <param name="Refusal">Null when it may be connected to.</param>
public sealed record AddressVerdict(IPAddress Address, AddressRefusal? Refusal);
