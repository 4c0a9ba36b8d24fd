using Orleans.Storage;

namespace OrleansCluster.Grains.Tests.Fixtures;

/// <summary>A storage whose writes fail as told.</summary>
internal sealed class FaultyGrainStorage(IGrainStorage inner, WriteFaults faults) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => inner.ReadStateAsync(stateName, grainId, grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        faults.Write(() => inner.WriteStateAsync(stateName, grainId, grainState), stateName, grainState.State);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        faults.Write(() => inner.ClearStateAsync(stateName, grainId, grainState));
}
