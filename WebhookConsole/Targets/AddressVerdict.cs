using System.Net;

namespace WebhookConsole.Targets;

/// <summary>What the outbound guard says about one address of a host.</summary>
/// <param name="Address">As resolved, or as the URL has it.</param>
/// <param name="Refusal">Null when it may be connected to.</param>
public sealed record AddressVerdict(IPAddress Address, AddressRefusal? Refusal);
