using OrleansCluster.Serving;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Fixtures;

/// <summary>How a cluster under test is started.</summary>
internal sealed record ClusterSetup
{
    public required string Home { get; init; }

    /// <summary>
    /// How many silos: one, unless what is tested is that messages between silos are serialized, or that one is lost. A silo costs a second of compiling and
    /// wiring.
    /// </summary>
    public short Silos { get; init; } = 1;

    public int Threads { get; init; } = 2;

    public bool AutoResume { get; init; }

    public Action<TrainingOptions>? Training { get; init; }

    public Action<ServingOptions>? Serving { get; init; }

    /// <summary>Failures of writes; none when null.</summary>
    public WriteFaults? Faults { get; init; }

    /// <summary>Sees every call that a silo takes; nobody when null.</summary>
    public IIncomingGrainCallFilter? Filter { get; init; }

    /// <summary>Hears what the grains log; nobody when null.</summary>
    public LogLines? Log { get; init; }

    /// <summary>State and blobs that other clusters use too; the home's own when null.</summary>
    public SharedStores? Shared { get; init; }

    /// <summary>The clock; the machine's when null.</summary>
    public TimeProvider? Time { get; init; }
}
