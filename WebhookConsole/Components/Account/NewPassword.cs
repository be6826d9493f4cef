using System.ComponentModel.DataAnnotations;

namespace WebhookConsole.Components.Account;

/// <summary>The fields of forms that set a password for an account.</summary>
public class NewPassword
{
    public const string Hint = "At least 12 characters. A few unrelated words are strong and easy to remember.";

    [Required(ErrorMessage = "Choose a password.")]
    [MinLength(12, ErrorMessage = "Use at least 12 characters.")]
    public string Password { get; set; } = "";

    [Compare(nameof(Password), ErrorMessage = "The passwords differ.")]
    public string Repeat { get; set; } = "";
}

/// <summary>Like <see cref="NewPassword"/>, for the forms behind a one-time link.</summary>
public class LinkPassword : NewPassword
{
    public string Code { get; set; } = "";
}
