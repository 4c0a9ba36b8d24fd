namespace OrleansCluster.Numerics.Parallelism;

/// <summary>
/// Runs independent slices of one computation, anywhere and in any order. Results never depend on it:
/// everything a slice writes is its own, and what slices add up is exact or merged in a fixed order.
/// </summary>
public interface IParallel
{
    /// <summary>How many slices may run at the same time, at least 1.</summary>
    int Workers { get; }

    /// <summary>
    /// Calls <paramref name="body"/> once for each slice in 0 … <paramref name="slices"/> − 1 and returns when all are done; what a slice throws is thrown to
    /// the caller as it is.
    /// </summary>
    void For(int slices, Action<int> body);
}

/// <summary>Runs slices one after the other on the calling thread.</summary>
public sealed class Sequential : IParallel
{
    public static Sequential Instance { get; } = new();

    public int Workers => 1;

    public void For(int slices, Action<int> body)
    {
        for (int slice = 0; slice < slices; slice++)
            body(slice);
    }
}
