using Microsoft.AspNetCore.Components.Server.Circuits;

namespace WebhookConsole.Components;

/// <summary>Tells <see cref="RefreshTurns"/> while a circuit answers what somebody does.</summary>
public sealed class InputsFirst(RefreshTurns turns) : CircuitHandler
{
    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) =>
        context => turns.AnswerAsync(() => next(context));
}
