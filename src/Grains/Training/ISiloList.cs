using System.Collections.Immutable;

namespace OrleansCluster.Training;

/// <summary>The silos that a job can be spread over.</summary>
public interface ISiloList
{
    /// <summary>Addresses of the silos that take part now, always in the same order; empty where there is nothing to choose.</summary>
    ImmutableArray<string> Active();
}

/// <summary>One process: nothing to choose.</summary>
public sealed class OneProcess : ISiloList
{
    public ImmutableArray<string> Active() => [];
}
