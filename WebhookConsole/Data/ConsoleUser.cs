using Microsoft.AspNetCore.Identity;

namespace WebhookConsole.Data;

/// <summary>A person who signs in. The e-mail address is the user name.</summary>
public sealed class ConsoleUser : IdentityUser<Guid>
{
    public const int MaxNameLength = 100;

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The name that others see; null where only the address is known. At most <see cref="MaxNameLength"/> characters.</summary>
    public string? DisplayName { get; set; }

    public DateTimeOffset? LastSignInAt { get; set; }
}
