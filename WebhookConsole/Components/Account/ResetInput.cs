using System.ComponentModel.DataAnnotations;
using WebhookConsole.People;

namespace WebhookConsole.Components.Account;

/// <summary>What the form behind a password link holds.</summary>
public class ResetInput
{
    public string Code { get; set; } = "";

    [Required(ErrorMessage = "Choose a password.")]
    [MinLength(12, ErrorMessage = "Use at least 12 characters.")]
    public string Password { get; set; } = "";

    [Compare(nameof(Password), ErrorMessage = "The passwords differ.")]
    public string Repeat { get; set; } = "";
}

/// <summary>What the form behind an invitation holds.</summary>
public sealed class JoinInput : ResetInput
{
    [Required(ErrorMessage = "Enter your name.")]
    [MaxLength(Joining.MaxNameLength, ErrorMessage = "Use at most 100 characters.")]
    public string DisplayName { get; set; } = "";
}
