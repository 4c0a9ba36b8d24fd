using System.Diagnostics.CodeAnalysis;
using Orleans.Metadata;
using Orleans.Runtime.Placement;
using OrleansCluster.Serving;
using OrleansCluster.Training;

namespace OrleansCluster.Silo.Placement;

/// <summary>A grain goes to the silo that the caller names (<see cref="ShardPlacement"/>).</summary>
internal sealed class HintedPlacement : PlacementStrategy
{
    public static HintedPlacement Instance { get; } = new();
}

/// <summary>
/// Places by the hint. Where the silo named is gone, its grains are dealt out over the others one by one; without a hint the grain's key decides.
/// Every silo decides alike, from the call and the list of silos alone.
/// </summary>
internal sealed class HintedPlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        SiloAddress[] silos = [.. context.GetCompatibleSilos(target).Order()];
        object? hint = null;
        target.RequestContextData?.TryGetValue(ShardPlacement.HintKey, out hint);
        if (!ShardPlacement.TryRead(hint, out string wanted, out long spread))
            spread = target.GrainIdentity.GetUniformHashCode();
        return Task.FromResult(Array.Find(silos, silo => silo.ToParsableString() == wanted) ?? silos[spread % silos.Length]);
    }
}

/// <summary>Which grains are placed by hints. Said here and not by attributes, because grains do not depend on the host's placement.</summary>
internal sealed class HintedGrains(GrainTypeResolver types) : IPlacementStrategyResolver
{
    private readonly GrainType[] _hinted =
        [types.GetGrainType(typeof(PartitionGrain)), types.GetGrainType(typeof(ReducerGrain)), types.GetGrainType(typeof(ShardAssignerGrain))];

    public bool TryResolvePlacementStrategy(GrainType grainType, GrainProperties? properties, [NotNullWhen(true)] out PlacementStrategy? result)
    {
        result = HintedPlacement.Instance;
        return Array.IndexOf(_hinted, grainType) >= 0;
    }
}
