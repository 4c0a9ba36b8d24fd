using System.Collections.Immutable;

namespace OrleansCluster.Tenancy;

/// <inheritdoc cref="ICatalogGrain"/>
public sealed class CatalogGrain([PersistentState("catalog", StorageNames.Grains)] IPersistentState<CatalogState> state) : Grain, ICatalogGrain
{
    public async Task Add(string name, CancellationToken cancellation = default)
    {
        GrainKeys.CheckName("catalog entry", name);
        ImmutableArray<string> names = state.State.Names;
        int at = names.BinarySearch(name, StringComparer.Ordinal);
        if (at < 0)
            await this.Write(state, new CatalogState { Names = names.Insert(~at, name) });
    }

    public async Task Remove(string name, CancellationToken cancellation = default)
    {
        ImmutableArray<string> names = state.State.Names;
        int at = names.BinarySearch(name, StringComparer.Ordinal);
        if (at >= 0)
            await this.Write(state, new CatalogState { Names = names.RemoveAt(at) });
    }

    public Task<ImmutableArray<string>> List(CancellationToken cancellation = default) => Task.FromResult(state.State.Names);
}

/// <summary>What a catalog grain remembers.</summary>
[GenerateSerializer, Immutable, Alias("oc.CatalogState")]
public sealed record CatalogState
{
    /// <summary>In ordinal order.</summary>
    [Id(0)] public ImmutableArray<string> Names { get; init; } = [];
}
