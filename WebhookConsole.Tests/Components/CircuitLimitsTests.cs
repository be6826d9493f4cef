using Microsoft.Extensions.Options;
using WebhookConsole.Components.Gate;
using WebhookConsole.Configuration;

namespace WebhookConsole.Tests.Components;

public sealed class CircuitLimitsTests
{
    private readonly CircuitLimits _limits = new(Options.Create(new ConsoleOptions { MaxCircuitsPerUser = 2, MaxCircuits = 3 }));

    [Fact]
    public void Enter_MoreThanOnePersonMayHave_SaysWhyAndWhatToDo()
    {
        Assert.Null(_limits.Enter("ada"));
        Assert.Null(_limits.Enter("ada"));
        string refusal = Assert.IsType<string>(_limits.Enter("ada"));
        Assert.Contains("one person may have 2", refusal, StringComparison.Ordinal);
        Assert.Contains("Close some of the other tabs", refusal, StringComparison.Ordinal);
        Assert.Null(new CircuitLimits(Options.Create(new ConsoleOptions())).Enter("ada"));
    }

    [Fact]
    public void Enter_MoreThanTheServerAllows_SaysWhyAndWhatToDo()
    {
        Assert.All(["ada", "bob", "eve"], user => Assert.Null(_limits.Enter(user)));
        Assert.Contains("Console:MaxCircuits", _limits.Enter("dan"), StringComparison.Ordinal);
    }

    [Fact]
    public void Leave_MakesRoom()
    {
        Assert.Null(_limits.Enter("ada"));
        Assert.Null(_limits.Enter("ada"));
        Assert.NotNull(_limits.Enter("ada"));
        _limits.Leave("ada");
        _limits.Leave("ada");
        Assert.Null(_limits.Enter("ada"));
        Assert.Equal(2, _limits.Count);
    }

    [Fact]
    public void Enter_FloodOfRefused_EndsTheCircuit()
    {
        for (int i = 0; i < 4; i++)
        {
            _limits.Enter("ada");
        }

        Assert.Throws<InvalidOperationException>(() => _limits.Enter("ada"));
        Assert.Equal(4, _limits.Count);
    }
}
