using System.ComponentModel.DataAnnotations;

namespace WebhookConsole.Components.Account;

/// <summary>The code of a one-time link; the console's script fills it in.</summary>
public sealed class LinkInput
{
    [Required(ErrorMessage = "Open the whole link, or paste what stands behind its '#'.")]
    public string Code { get; set; } = "";
}
