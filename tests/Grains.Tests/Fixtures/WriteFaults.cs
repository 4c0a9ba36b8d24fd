using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Storage;
using OrleansCluster.Datasets;

namespace OrleansCluster.Grains.Tests.Fixtures;

/// <summary>Counts the writes of state and blobs, and makes them fail from one of them on: before or after it took effect.</summary>
internal sealed class WriteFaults
{
    private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _writes;
    private volatile bool _after;

    /// <summary>The first write that fails, from 1; 0: none.</summary>
    public int FailFrom { get; set; }

    /// <summary>The last write that fails.</summary>
    public int FailUntil { get; init; } = int.MaxValue;

    /// <summary>Every write fails once a record of this name was written; null: none does.</summary>
    public string? FailAfter { get; init; }

    /// <summary>Whether the first failing write is done all the same, as when only the reply is lost.</summary>
    public bool FirstTakesEffect { get; set; }

    /// <summary>What a failing write throws.</summary>
    public Func<string, Exception> Failure { get; init; } = message => new IOException(message);

    /// <summary>Waited for before a record (its name) or a blob (null) is written; nothing when null.</summary>
    public Func<string?, Task>? Before { get; init; }

    /// <summary>Told every state that was written; nobody when null.</summary>
    public Action<object?>? Written { get; init; }

    public int Writes => Volatile.Read(ref _writes);

    /// <summary>Ends when the first write failed.</summary>
    public Task Reached => _reached.Task;

    /// <summary>Wraps the storage and the blob store that are registered.</summary>
    public void Wrap(IServiceCollection services)
    {
        ServiceDescriptor blobs = services.Single(service => service.ServiceType == typeof(IBlobStore));
        services.Replace(ServiceDescriptor.Singleton<IBlobStore>(provider => new FaultyBlobStore(
            (IBlobStore)(blobs.ImplementationInstance ?? blobs.ImplementationFactory!(provider)), this)));
        ServiceDescriptor storage = services.Single(service => service.ServiceType == typeof(IGrainStorage) && Equals(service.ServiceKey, StorageNames.Grains));
        services.Remove(storage);
        services.AddKeyedSingleton<IGrainStorage>(StorageNames.Grains, (provider, key) => new FaultyGrainStorage(
            (IGrainStorage)(storage.KeyedImplementationInstance ?? storage.KeyedImplementationFactory!(provider, key)), this));
    }

    public async Task Write(Func<Task> write, string? record = null, object? state = null)
    {
        await (Before?.Invoke(record) ?? Task.CompletedTask);
        // Audit logs are written beside what is done, so those writes are counted only where they fail, which they do while others do.
        bool beside = record == "audit", fails = beside && FailFrom > 0 && Writes >= FailFrom && Writes < FailUntil;
        int number = beside && !fails ? 0 : Interlocked.Increment(ref _writes);
        fails |= _after || (!beside && FailFrom > 0 && number >= FailFrom && number <= FailUntil);
        if (!fails || (FirstTakesEffect && number == FailFrom))
        {
            await write();
            Written?.Invoke(state);
        }

        _after |= record is not null && record == FailAfter;
        if (fails)
        {
            _reached.TrySetResult();
            throw Failure($"write {number} fails on purpose");
        }
    }
}
