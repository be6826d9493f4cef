using Microsoft.AspNetCore.Identity;
using WebhookConsole.Edge;

namespace WebhookConsole.Accounts;

/// <summary>Which passkeys count here (WebAuthn level 3).</summary>
internal static class PasskeyRules
{
    public static void Configure(IdentityPasskeyOptions options)
    {
        // A passkey that asks for a finger or a PIN and knows its account: no password, no code, no address to type.
        options.UserVerificationRequirement = "required";
        options.ResidentKeyRequirement = "required";
        options.AttestationConveyancePreference = "none";
        options.ValidateOrigin = context => ValueTask.FromResult(PageOrigin.IsOurs(context.Origin, context.CrossOrigin, context.HttpContext.Request.Host));
    }
}
