using Microsoft.Extensions.DependencyInjection;
using OrleansCluster.Training;

namespace OrleansCluster.Silo;

/// <summary>How to host a cluster in this process.</summary>
public sealed class ClusterHostOptions
{
    /// <summary>The folder that holds everything; made when it is not there. One process at a time owns it.</summary>
    public required string Home { get; init; }

    /// <summary>Threads that compute; 0: one per core.</summary>
    public int Threads { get; init; }

    /// <summary>Whether unfinished jobs are gone on with by themselves; otherwise somebody resumes them.</summary>
    public bool AutoResume { get; init; }

    /// <summary>Further settings of trainings.</summary>
    public Action<TrainingOptions>? Training { get; init; }

    /// <summary>Changes to the services, made last: another clock, another blob store, logging.</summary>
    public Action<IServiceCollection>? Services { get; init; }
}
