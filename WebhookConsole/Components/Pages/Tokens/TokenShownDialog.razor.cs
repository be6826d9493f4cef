using Microsoft.AspNetCore.Components;
using WebhookConsole.Domain;
using WebhookConsole.Tokens;

namespace WebhookConsole.Components.Pages.Tokens;

/// <summary>Shows a new API token once, with a command to try it.</summary>
public sealed partial class TokenShownDialog
{
    /// <summary>The new token with its text, which is shown this once.</summary>
    [Parameter, EditorRequired]
    public IssuedToken Issued { get; set; } = default!;

    /// <summary>Absolute address of the project in the API.</summary>
    [Parameter, EditorRequired]
    public string ProjectUrl { get; set; } = "";

    // The command uses something that this token may do.
    private string Command =>
        Issued.Token.Scopes switch
        {
            var scopes when scopes.HasFlag(TokenScopes.EventsWrite) => $$$"""
                curl -i '{{{ProjectUrl}}}/events' \
                  -H 'Authorization: Bearer {{{Issued.Text}}}' \
                  -H 'Content-Type: application/json' \
                  -d '{"type":"invoice.paid","payload":{"id":"inv_1042","amount":129.00}}'
                """,
            var scopes when scopes.HasFlag(TokenScopes.DeliveriesRead) => Get("deliveries"),
            _ => Get("webhooks"),
        };

    private string Get(string what) =>
        $"""
            curl '{ProjectUrl}/{what}' \
              -H 'Authorization: Bearer {Issued.Text}'
            """;
}
