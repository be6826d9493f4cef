using Microsoft.AspNetCore.Identity;

namespace WebhookConsole.Data;

/// <summary>A person who signs in. The e-mail address is the user name.</summary>
public sealed class ConsoleUser : IdentityUser<Guid>
{
    public DateTimeOffset CreatedAt { get; init; }
}
