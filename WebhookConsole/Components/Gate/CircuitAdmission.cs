using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace WebhookConsole.Components.Gate;

/// <summary>Asks <see cref="CircuitLimits"/> when a circuit opens; <c>Routes</c> shows the refusal instead of the page.</summary>
public sealed class CircuitAdmission(CircuitLimits limits, AuthenticationStateProvider authentication) : CircuitHandler
{
    private string? _user;

    /// <summary>Why this circuit was refused; null when it was not, and for a page that is rendered without a circuit.</summary>
    public string? Refusal { get; private set; }

    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        ClaimsPrincipal person = (await authentication.GetAuthenticationStateAsync()).User;
        string user = person.FindFirstValue(ClaimTypes.NameIdentifier) ?? "";
        Refusal = limits.Enter(user);
        _user = user;
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (_user is not null)
        {
            limits.Leave(_user);
            _user = null;
        }

        return Task.CompletedTask;
    }
}
