using System.Runtime.CompilerServices;
using WebhookConsole.Jobs;
using Xunit;

namespace WebhookConsole.Tests.Jobs;

public sealed class TrimMemoryTests
{
    [Fact]
    public void Run_AfterABurst_CollectsOnceAllocationHasStopped()
    {
        TrimMemory trim = new();
        long allocated = 100_000_000;
        WeakReference garbage = Garbage();
        Assert.False(trim.Run(allocated));
        Assert.False(trim.Run(allocated += 50_000_000));
        Assert.True(trim.Run(allocated += 100));
        Assert.False(garbage.IsAlive);

        // Nothing new, nothing to do.
        Assert.False(trim.Run(allocated + 100));
    }

    // Not inlined: a local of the test would keep it alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Garbage() => new(new byte[100_000]);
}
