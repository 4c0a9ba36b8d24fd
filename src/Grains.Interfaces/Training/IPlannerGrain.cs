namespace OrleansCluster.Training;

/// <summary>Says what trainings would take; key: <c>tenant/</c><see cref="Name"/>. A stateless worker.</summary>
[Alias("oc.IPlannerGrain")]
public interface IPlannerGrain : IGrainWithStringKey
{
    /// <summary>What it is called within its tenant.</summary>
    public const string Name = "_planner";

    /// <summary>What a training would take where it would run now; null: its family does not say what it needs. Nothing is trained or written down.</summary>
    /// <exception cref="ClusteringException">The request cannot be carried out. That it would not fit is told in the plan.</exception>
    [Alias("Plan")]
    Task<PlannedTraining?> Plan(TrainingRequest request, CancellationToken cancellation = default);
}

/// <summary>
/// What a training will take. Memory is what a silo takes before and at most what the training keeps and uses; time is an estimate, from a stated rate, of
/// iterations that spare nothing, which later ones do.
/// </summary>
[GenerateSerializer, Immutable, Alias("oc.PlannedTraining")]
public sealed record PlannedTraining
{
    [Id(0)] public string Family { get; init; } = "";

    [Id(1)] public string Dataset { get; init; } = "";

    [Id(2)] public int DatasetVersion { get; init; }

    [Id(3)] public long Rows { get; init; }

    /// <summary>Columns that the model sees; those before the preparation, where how many there are after it depends on the rows.</summary>
    [Id(4)] public int Columns { get; init; }

    /// <summary>Whether rows are prepared.</summary>
    [Id(5)] public bool Prepared { get; init; }

    /// <summary>Clusters, or the most that are tried.</summary>
    [Id(6)] public int Clusters { get; init; }

    /// <summary>Starts of the whole job.</summary>
    [Id(7)] public int Starts { get; init; }

    /// <summary>Most iterations of a start.</summary>
    [Id(8)] public int MaxIterations { get; init; }

    [Id(9)] public int Silos { get; init; }

    /// <summary>Threads that compute on each silo.</summary>
    [Id(10)] public int Threads { get; init; }

    [Id(11)] public long Shards { get; init; }

    /// <summary>Bytes of the rows' values that each silo maps: they give way to anything else.</summary>
    [Id(12)] public long MappedBytes { get; init; }

    /// <summary>Bytes that a silo takes besides.</summary>
    [Id(13)] public long MemoryBytes { get; init; }

    /// <summary>Bytes of them that are kept for its rows.</summary>
    [Id(14)] public long RowBytes { get; init; }

    /// <summary>Bytes of them that each thread works with.</summary>
    [Id(15)] public long ThreadBytes { get; init; }

    /// <summary>Bytes that a silo may take.</summary>
    [Id(16)] public long MemoryLimit { get; init; }

    /// <summary>Messages of an iteration.</summary>
    [Id(17)] public long Messages { get; init; }

    /// <summary>Bytes of an iteration that go from silo to silo.</summary>
    [Id(18)] public long MessageBytes { get; init; }

    /// <summary>Passes over the rows if every start takes as many iterations as it may.</summary>
    [Id(19)] public long MostPasses { get; init; }

    /// <summary>Multiply-adds a second and thread that times are estimated with.</summary>
    [Id(20)] public double Rate { get; init; }

    /// <summary>Seconds of an iteration that spares nothing.</summary>
    [Id(21)] public double IterationSeconds { get; init; }

    /// <summary>Seconds if every start takes as many iterations as it may.</summary>
    [Id(22)] public double MostSeconds { get; init; }

    /// <summary>Why it does not fit, with the numbers and what would; empty: it does.</summary>
    [Id(23)] public string Refusal { get; init; } = "";
}
