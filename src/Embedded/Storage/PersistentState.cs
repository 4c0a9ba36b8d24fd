using System.Runtime.CompilerServices;
using Orleans.Runtime;
using Orleans.Storage;

namespace Orleans.Embedded;

/// <summary>A record that is read before its grain is activated.</summary>
internal interface IPersistentRecord
{
    Task ReadStateAsync();
}

/// <summary>
/// One stored record of an activation. A write or clear that is started before the one before it has ended conflicts with it, as it would in any storage with ETags.
/// Errors of the storage that are not Orleans' own are wrapped, naming the record.
/// </summary>
internal sealed class PersistentState<TState>(string name, GrainId grainId, IGrainStorage storage) : IPersistentState<TState>, IPersistentRecord
{
    private readonly GrainState<TState> _record = new(Create());
    private bool _isRead;
    private bool _isWriting;

    public TState State { get => _record.State!; set => _record.State = value; }

    public string? Etag => _record.ETag;

    public bool RecordExists => _isRead
        ? _record.RecordExists
        : throw new InvalidOperationException($"The state '{name}' of {grainId} has not been read yet.");

    public Task ReadStateAsync() => Named("read", async () =>
    {
        await storage.ReadStateAsync(name, grainId, _record);
        _record.State ??= Create();
        _isRead = true;
    });

    public Task WriteStateAsync() => Named("write", () => Alone("write", () => storage.WriteStateAsync(name, grainId, _record)));

    public Task ClearStateAsync() => Named("clear", () => Alone("clear", async () =>
    {
        await storage.ClearStateAsync(name, grainId, _record);
        _record.State ??= Create();
    }));

    private static TState Create() => typeof(TState).IsValueType || typeof(TState).GetConstructor(Type.EmptyTypes) is not null
        ? Activator.CreateInstance<TState>()
        : typeof(TState) == typeof(string) ? default! : (TState)RuntimeHelpers.GetUninitializedObject(typeof(TState));

    private async Task Alone(string operation, Func<Task> work)
    {
        if (_isWriting)
            throw new InconsistentStateException($"Could not {operation} the state '{name}' of {grainId}: another write or clear of it has not ended yet. Await one before the next.");
        _isWriting = true;
        try
        {
            // The storage takes the record as it is now. However fast it is, the grain may see that the write is on its way.
            var working = work();
            await Task.Yield();
            await working;
        }
        finally
        {
            _isWriting = false;
        }
    }

    private async Task Named(string operation, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception error) when (error is not OrleansException)
        {
            throw new OrleansException($"Could not {operation} the state '{name}' of {grainId}: {error.Message}", error);
        }
    }
}
