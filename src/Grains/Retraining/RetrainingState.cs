using System.Collections.Immutable;

namespace OrleansCluster.Retraining;

/// <summary>What the retraining of a model remembers.</summary>
[GenerateSerializer, Immutable, Alias("oc.RetrainingState")]
public sealed record RetrainingState
{
    /// <summary>Null: there is none.</summary>
    [Id(0)] public RetrainingPlan? Plan { get; init; }

    [Id(1)] public RetrainingRun? Current { get; init; }

    /// <summary>The newest first.</summary>
    [Id(2)] public ImmutableArray<RetrainingRun> Ended { get; init; } = [];

    /// <summary>Runs so far: numbers are not given twice, also under another plan.</summary>
    [Id(3)] public int Runs { get; init; }

    /// <summary>Runs one after the other, up to now, that came to nothing.</summary>
    [Id(4)] public int Failures { get; init; }

    /// <summary>Why none begins by itself any more; empty: they do.</summary>
    [Id(5)] public string Stopped { get; init; } = "";

    /// <summary>Times of the schedule up to here are done with.</summary>
    [Id(6)] public DateTimeOffset Scheduled { get; init; }
}

/// <summary>What a tenant has used of its retrainings of a day.</summary>
[GenerateSerializer, Immutable, Alias("oc.RetrainingBudgetState")]
public sealed record RetrainingBudgetState
{
    [Id(0)] public int MostADay { get; init; }

    /// <summary>The oldest first.</summary>
    [Id(1)] public ImmutableArray<RetrainingTaken> Taken { get; init; } = [];
}
