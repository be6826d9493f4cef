using System.ComponentModel.DataAnnotations;

namespace WebhookConsole.Components.Account;

/// <summary>What the sign-in form holds.</summary>
public sealed class LoginInput
{
    [Required(ErrorMessage = "Enter your e-mail address.")]
    [StringLength(256, ErrorMessage = "This address is too long.")]
    [EmailAddress(ErrorMessage = "This is not an e-mail address.")]
    public string Email { get; set; } = "";

    [Required(ErrorMessage = "Enter your password.")]
    [StringLength(1024, ErrorMessage = "This password is too long.")]
    public string Password { get; set; } = "";

    public bool Remember { get; set; }
}
