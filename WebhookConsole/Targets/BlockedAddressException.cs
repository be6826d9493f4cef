using System.Net;

namespace WebhookConsole.Targets;

/// <summary>The target leads to an address that the guard refuses (failure class <c>blocked_address</c>). The message is for people.</summary>
public sealed class BlockedAddressException(string host, AddressRefusal refusal)
    : Exception(host == refusal.Address.ToString() ? refusal.Sentence : $"{host} resolves to {refusal.Address}. {refusal.Sentence}")
{
    /// <summary>The first forbidden address.</summary>
    public IPAddress Address => refusal.Address;

    /// <summary>Name of the range it is in.</summary>
    public string Range => refusal.Range;

    /// <summary>Why the address is refused, without the host.</summary>
    public string Sentence => refusal.Sentence;
}
