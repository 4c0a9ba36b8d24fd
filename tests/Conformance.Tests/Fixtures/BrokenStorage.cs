using Orleans.Runtime.Hosting;
using Orleans.Storage;

namespace OrleansCluster.Conformance.Tests;

/// <summary>A storage that reads nothing and fails every write.</summary>
internal sealed class BrokenStorage : IGrainStorage
{
    public static void AddTo(ISiloBuilder silo) => silo.Services.AddGrainStorage("broken", (_, _) => new BrokenStorage());

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => Task.CompletedTask;

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new IOException("The disk is full.");

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new IOException("The disk is full.");
}
