using System.ComponentModel.DataAnnotations;

namespace WebhookConsole.Components.Account;

/// <summary>What the second step of the sign-in holds.</summary>
public sealed class TwoFactorInput
{
    [Required(ErrorMessage = "Enter the code.")]
    [StringLength(40, ErrorMessage = "This is too long for a code.")]
    public string Code { get; set; } = "";

    public bool RememberDevice { get; set; }
}
