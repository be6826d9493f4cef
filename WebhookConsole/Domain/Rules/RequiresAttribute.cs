namespace WebhookConsole.Domain.Rules;

/// <summary>
/// The rule of a page, an API route or a service command. Pages and routes are held to it before they run; services ask the same rule
/// object themselves. A test checks that none of them lacks one.
/// </summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class RequiresAttribute(Permission permission) : Attribute
{
    public Permission Permission { get; } = permission;
}

/// <summary>Deliberately open to everybody who is signed in, or to everybody, with the reason.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
public sealed class OpenToAttribute(Audience audience, string because) : Attribute
{
    public Audience Audience { get; } = audience;

    public string Because { get; } = because;
}

/// <summary>Who may reach something that no permission guards.</summary>
public enum Audience
{
    SignedIn = 0,
    Anyone = 1,
}
