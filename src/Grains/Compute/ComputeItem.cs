using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Compute;

/// <summary>One computation in the queue.</summary>
internal abstract class ComputeItem(ComputeAccount account)
{
    public ComputeAccount Account => account;

    public abstract void Execute();

    public abstract void Cancel();
}

/// <inheritdoc/>
internal sealed class ComputeItem<T>(ComputeAccount account, Func<IParallel, T> work, IParallel parallel, CancellationToken cancellation)
    : ComputeItem(account)
{
    // Continuations belong to the grain's scheduler, never to the compute thread.
    private readonly TaskCompletionSource<T> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _result.Task;

    public override void Execute()
    {
        if (cancellation.IsCancellationRequested)
        {
            _result.TrySetCanceled(cancellation);
            return;
        }

#pragma warning disable CA1031 // The exception travels in the task, whatever it is.
        try
        {
            _result.TrySetResult(work(parallel));
        }
        catch (OperationCanceledException e) when (cancellation.IsCancellationRequested)
        {
            _result.TrySetCanceled(e.CancellationToken);
        }
        catch (Exception e)
        {
            _result.TrySetException(e);
        }
#pragma warning restore CA1031
    }

    public override void Cancel() => _result.TrySetCanceled(CancellationToken.None);
}
