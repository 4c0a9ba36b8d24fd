using Microsoft.Extensions.DependencyInjection;
using OrleansCluster.Families;
using OrleansCluster.Silo.Alerts;
using OrleansCluster.Training;

namespace OrleansCluster.Silo;

/// <summary>How to host a cluster in this process.</summary>
public sealed record ClusterHostOptions
{
    /// <summary>The folder that holds everything; made when it is not there. One process at a time owns it.</summary>
    public required string Home { get; init; }

    /// <summary>Threads that compute; 0: one per core.</summary>
    public int Threads { get; init; }

    /// <summary>Whether unfinished jobs are gone on with by themselves, those of an earlier owner too; otherwise somebody resumes them.</summary>
    public bool AutoResume { get; init; }

    /// <summary>Whether this process means to stay for a while, so that others had better join it than wait for its end.</summary>
    public bool Stays { get; init; } = true;

    /// <summary>Bytes of parameters that are kept ready to answer; null: as <see cref="Serving.ServingOptions.ModelBytes"/> has it.</summary>
    public long? ModelBytes { get; init; }

    /// <summary>Length of the windows in which is observed what models are asked here; null: nothing is.</summary>
    public TimeSpan? Observes { get; init; }

    /// <summary>Where alerts are told besides the log; null: nowhere.</summary>
    public AlertSettings? Alerts { get; init; }

    /// <summary>Whether standard error tells what happens: jobs that begin and end, phases, what is asked again, publications.</summary>
    public bool Verbose { get; init; }

    /// <summary>What can be trained.</summary>
    public FamilyRegistry Families { get; init; } = FamilyRegistry.Standard;

    /// <summary>Further settings of trainings.</summary>
    public Action<TrainingOptions>? Training { get; init; }

    /// <summary>Changes to the services, made last: another clock, another blob store, logging.</summary>
    public Action<IServiceCollection>? Services { get; init; }
}
