[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(OrleansCluster.Conformance.Tests.SharedEngine))]

namespace OrleansCluster.Conformance.Tests;

/// <summary>A suite of rules that hold on every engine.</summary>
public abstract class ConformanceTests(SharedEngine shared)
{
    private static int s_count;

    protected IEngine Engine => shared.Engine;

    protected IGrainFactory Grains => shared.Engine.Grains;

    /// <summary>A key that no other test uses, nor makes by adding to its own.</summary>
    protected string Key { get; } = $"k{Interlocked.Increment(ref s_count)}-";

    /// <summary>Completes with the task, or fails when it takes too long.</summary>
    protected static Task Soon(Task task) => task.WaitAsync(Signals.Patience);

    protected static Task<T> Soon<T>(Task<T> task) => task.WaitAsync(Signals.Patience);
}
