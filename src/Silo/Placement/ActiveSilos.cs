using System.Collections.Immutable;
using OrleansCluster.Training;

namespace OrleansCluster.Silo.Placement;

/// <summary>The silos that this silo takes to be alive, by address.</summary>
internal sealed class ActiveSilos(ISiloStatusOracle membership) : ISiloList
{
    public ImmutableArray<string> Active() =>
        [.. membership.GetActiveSilos().Order().Select(silo => silo.ToParsableString())];
}
