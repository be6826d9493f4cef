using System.Net;

namespace WebhookConsole.Targets;

/// <summary>
/// The target leads to an address that the guard refuses (failure class <c>blocked_address</c>). The message is for people who may edit
/// webhooks: it does not tell them which internal address a name leads to (specification §15).
/// </summary>
public sealed class BlockedAddressException(string host, AddressRefusal refusal) : Exception(MessageOf(host, refusal))
{
    /// <summary>The first forbidden address.</summary>
    public IPAddress Address => refusal.Address;

    /// <summary>Name of the range it is in.</summary>
    public string Range => refusal.Range;

    private static string MessageOf(string host, AddressRefusal refusal) =>
        TargetGuard.TryReadLiteral(host, out _)
            ? refusal.Sentence
            : $"{host} resolves to an address that {refusal.Meaning}; webhooks go to public addresses only. An owner can see which address with webhookconsole check-url.";
}
