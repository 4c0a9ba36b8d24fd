using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Compute;

/// <summary>What goes first when there is more to do than there are cores.</summary>
public enum ComputePriority
{
    /// <summary>Somebody waits for the answer.</summary>
    Serving,

    /// <summary>Long work that gives way between any two slices.</summary>
    Training,
}

/// <summary>
/// Where computations and blocking input and output run, so that grain schedulers stay free. Awaited in a grain, the continuation is back on the grain's
/// scheduler.
/// </summary>
public interface ICompute
{
    /// <summary>How many computations can run at the same time, at least 1.</summary>
    int Workers { get; }

    /// <summary>
    /// Runs <paramref name="work"/> and answers its result or its exception. A cancelled <paramref name="cancellation"/> takes back work that has not
    /// begun, and ends loops of serving between two slices; else work that has begun runs to its end. After the task has ended nothing of it is running.
    /// </summary>
    /// <param name="priority">What goes first.</param>
    /// <param name="account">Whose it is and what for; null: of the tenant that is called for, and of no model.</param>
    /// <param name="work">What is computed.</param>
    /// <param name="cancellation">Takes it back.</param>
    Task<T> Run<T>(ComputePriority priority, ComputeAccount? account, Func<IParallel, T> work, CancellationToken cancellation = default);

    /// <summary>
    /// Runs <paramref name="work"/> on the calling thread: what takes a few microseconds, which handing it over would take, too.
    /// </summary>
    /// <param name="account">Whose it is and what for.</param>
    /// <param name="work">What is computed.</param>
    T RunHere<T>(ComputeAccount account, Func<IParallel, T> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        return work(Sequential.Instance);
    }
}

/// <summary>Ways to compute.</summary>
public static class Computing
{
    /// <summary>As <see cref="ICompute.Run"/>, for the tenant that is called for and no model.</summary>
    public static Task<T> Run<T>(this ICompute compute, ComputePriority priority, Func<IParallel, T> work, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(compute);
        return compute.Run(priority, null, work, cancellation);
    }
}

/// <summary>Runs everything at once on the calling thread: for simulations, where time stands still meanwhile and nothing is charged.</summary>
public sealed class InlineCompute : ICompute
{
    public int Workers => 1;

    public Task<T> Run<T>(ComputePriority priority, ComputeAccount? account, Func<IParallel, T> work, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        if (cancellation.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellation);
#pragma warning disable CA1031 // The exception travels in the task, whatever it is.
        try
        {
            return Task.FromResult(work(Sequential.Instance));
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
#pragma warning restore CA1031
    }
}
