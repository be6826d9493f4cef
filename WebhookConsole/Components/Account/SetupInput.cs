using System.ComponentModel.DataAnnotations;

namespace WebhookConsole.Components.Account;

/// <summary>What the set-up form holds (specification §2, first run).</summary>
public sealed class SetupInput
{
    [Required(ErrorMessage = "Enter the code from the log.")]
    public string Code { get; set; } = "";

    [Required(ErrorMessage = "Enter your e-mail address.")]
    [EmailAddress(ErrorMessage = "This is not an e-mail address.")]
    public string Email { get; set; } = "";

    [Required(ErrorMessage = "Choose a password.")]
    [MinLength(12, ErrorMessage = "Use at least 12 characters.")]
    public string Password { get; set; } = "";

    [Compare(nameof(Password), ErrorMessage = "The passwords differ.")]
    public string Repeat { get; set; } = "";
}
