using System.Collections.Immutable;

namespace OrleansCluster.Tenancy;

/// <inheritdoc cref="ICatalogGrain"/>
public sealed class CatalogGrain([PersistentState("catalog", StorageNames.Grains)] IPersistentState<CatalogState> state) : Grain, ICatalogGrain
{
    private bool _isKnown;

    public async Task Add(string name, CancellationToken cancellation = default)
    {
        await MakeKnown(cancellation);
        GrainKeys.CheckKept("catalog entry", name);
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

    public async Task<ImmutableArray<string>> List(CancellationToken cancellation = default)
    {
        if (!state.State.Names.IsEmpty)
            await MakeKnown(cancellation);
        return state.State.Names;
    }

    /// <summary>Tenants need not be made: what is of one that was not must be found, too, before anything is taken for garbage.</summary>
    private async Task MakeKnown(CancellationToken cancellation)
    {
        string tenant = GrainKeys.Parse(this.GetPrimaryKeyString()).Tenant;
        if (_isKnown || tenant == CatalogKinds.Everybody)
            return;
        await GrainFactory.GetGrain<ICatalogGrain>(GrainKeys.For(CatalogKinds.Everybody, CatalogKinds.Tenants)).Add(tenant, cancellation);
        _isKnown = true;
    }
}

/// <summary>What a catalog grain remembers.</summary>
[GenerateSerializer, Immutable, Alias("oc.CatalogState")]
public sealed record CatalogState
{
    /// <summary>In ordinal order.</summary>
    [Id(0)] public ImmutableArray<string> Names { get; init; } = [];
}
