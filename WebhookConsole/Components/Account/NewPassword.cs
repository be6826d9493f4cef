using System.ComponentModel.DataAnnotations;

namespace WebhookConsole.Components.Account;

/// <summary>What the forms hold that make a password for an account.</summary>
public class NewPassword
{
    public const string Hint = "At least 12 characters. A few unrelated words are strong and easy to remember.";

    [Required(ErrorMessage = "Choose a password.")]
    [MinLength(12, ErrorMessage = "Use at least 12 characters.")]
    public string Password { get; set; } = "";

    [Compare(nameof(Password), ErrorMessage = "The passwords differ.")]
    public string Repeat { get; set; } = "";
}

/// <summary>As <see cref="NewPassword"/>, in the forms behind a one-time link.</summary>
public class LinkPassword : NewPassword
{
    public string Code { get; set; } = "";
}
