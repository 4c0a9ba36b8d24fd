using System.Runtime.CompilerServices;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Embedded;

/// <summary>A record that is read before its grain is activated.</summary>
internal interface IPersistentRecord
{
    Task ReadStateAsync(CancellationToken cancellationToken);
}

/// <summary>
/// One stored record of an activation. Operations run one after another, whatever the grain interleaves.
/// Errors of the storage that are not Orleans' own are wrapped, naming the record.
/// </summary>
internal sealed class PersistentState<TState>(string name, GrainId grainId, IGrainStorage storage) : IPersistentState<TState>, IPersistentRecord
{
    private readonly GrainState<TState> _record = new(Create());
    private Task _last = Task.CompletedTask;
    private bool _isRead;

    public TState State { get => _record.State!; set => _record.State = value; }

    public string? Etag => _record.ETag;

    public bool RecordExists => _isRead
        ? _record.RecordExists
        : throw new InvalidOperationException($"The state '{name}' of {grainId} has not been read yet.");

    public Task ReadStateAsync() => ReadStateAsync(CancellationToken.None);

    public Task WriteStateAsync() => WriteStateAsync(CancellationToken.None);

    public Task ClearStateAsync() => ClearStateAsync(CancellationToken.None);

    public Task ReadStateAsync(CancellationToken cancellationToken) => Next("read", async () =>
    {
        await storage.ReadStateAsync(name, grainId, _record, cancellationToken);
        _record.State ??= Create();
        _isRead = true;
    }, cancellationToken);

    public Task WriteStateAsync(CancellationToken cancellationToken) =>
        Next("write", () => storage.WriteStateAsync(name, grainId, _record, cancellationToken), cancellationToken);

    public Task ClearStateAsync(CancellationToken cancellationToken) => Next("clear", async () =>
    {
        await storage.ClearStateAsync(name, grainId, _record, cancellationToken);
        _record.State ??= Create();
    }, cancellationToken);

    private static TState Create() => typeof(TState).IsValueType || typeof(TState).GetConstructor(Type.EmptyTypes) is not null
        ? Activator.CreateInstance<TState>()
        : typeof(TState) == typeof(string) ? default! : (TState)RuntimeHelpers.GetUninitializedObject(typeof(TState));

    private Task Next(string operation, Func<Task> work, CancellationToken cancellationToken) =>
        _last = RunAfterAsync(_last, operation, work, cancellationToken);

    private async Task RunAfterAsync(Task previous, string operation, Func<Task> work, CancellationToken cancellationToken)
    {
        // What became of the operation before is its caller's business.
        await previous.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        try
        {
            await work();
        }
        catch (Exception error) when (error is not OrleansException && !(error is OperationCanceledException && cancellationToken.IsCancellationRequested))
        {
            throw new OrleansException($"Could not {operation} the state '{name}' of {grainId}: {error.Message}", error);
        }
    }
}
