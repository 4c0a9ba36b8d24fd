using System.Collections.Immutable;

namespace OrleansCluster.Training;

/// <summary>Where a job stands.</summary>
public enum JobState
{
    /// <summary>Accepted, nothing computed yet.</summary>
    Queued,

    /// <summary>Somebody is driving it.</summary>
    Running,

    /// <summary>Unfinished, and nobody is driving it: the process that did was stopped. It can be resumed.</summary>
    Interrupted,

    /// <summary>Finished, the version published.</summary>
    Succeeded,

    /// <summary>Stopped by an error; nothing was published.</summary>
    Failed,

    /// <summary>Stopped on request; nothing was published.</summary>
    Cancelled,
}

/// <summary>Where a job stands, for listings and progress.</summary>
[GenerateSerializer, Immutable, Alias("oc.JobStatus")]
public sealed record JobStatus
{
    [Id(0)] public required string Id { get; init; }

    [Id(1)] public required JobState State { get; init; }

    [Id(2)] public required string Model { get; init; }

    [Id(3)] public required string Dataset { get; init; }

    [Id(4)] public required int DatasetVersion { get; init; }

    [Id(5)] public required long Rows { get; init; }

    /// <summary><c>survey</c>, <c>init</c>, <c>iterate</c>, <c>final</c>, <c>publish</c>, <c>done</c>.</summary>
    [Id(6)] public required string Phase { get; init; }

    [Id(7)] public int Restart { get; init; }

    [Id(8)] public int Restarts { get; init; }

    [Id(9)] public int Iteration { get; init; }

    [Id(10)] public int MaxIterations { get; init; }

    /// <summary>Of the newest iteration, NaN before the first; of the published version once there is one.</summary>
    [Id(11)] public double Objective { get; init; } = double.NaN;

    /// <summary>Rows looked at a second, over the newest iteration; 0 before the first.</summary>
    [Id(12)] public double RowsPerSecond { get; init; }

    [Id(13)] public required DateTimeOffset Created { get; init; }

    /// <summary>Why it failed; empty otherwise.</summary>
    [Id(14)] public string Error { get; init; } = "";

    /// <summary>The number of clusters asked for, of a range the smallest; of the published version once there is one.</summary>
    [Id(15)] public int K { get; init; }

    /// <summary>The greatest number of clusters to try; 0: <see cref="K"/> alone.</summary>
    [Id(16)] public int LargestK { get; init; }

    /// <summary>The number of clusters that is being trained; 0: it is not known, or nothing is being trained.</summary>
    [Id(17)] public int CurrentK { get; init; }

    /// <summary>The best objective of the restarts of <see cref="CurrentK"/> that have ended; NaN before the first.</summary>
    [Id(18)] public double Best { get; init; } = double.NaN;

    /// <summary>The model version that it published; 0: none yet.</summary>
    [Id(19)] public int Version { get; init; }
}

/// <summary>What happened after a cursor.</summary>
[GenerateSerializer, Immutable, Alias("oc.ProgressPage")]
public sealed record ProgressPage
{
    /// <summary>Pass this to the next call.</summary>
    [Id(0)] public required long Cursor { get; init; }

    [Id(1)] public required JobStatus Status { get; init; }

    /// <summary>Iterations that ended after the cursor; at most the newest thousand.</summary>
    [Id(2)] public required ImmutableArray<IterationRecord> Iterations { get; init; }

    /// <summary>Warnings that were given after the cursor.</summary>
    [Id(3)] public required ImmutableArray<string> Warnings { get; init; }
}
