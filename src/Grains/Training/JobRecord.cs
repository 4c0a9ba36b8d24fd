using OrleansCluster.Models;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Training;

/// <summary>What a job remembers across processes. Arrays and traces are in blobs that it names.</summary>
[GenerateSerializer, Immutable, Alias("oc.JobRecord")]
public sealed record JobRecord
{
    /// <summary>As asked for, with the dataset version filled in and without the rows to start from; null when the job was never started.</summary>
    [Id(0)] public TrainingRequest? Request { get; init; }

    /// <summary>Content hash of the blob of the centroids or means to start from; empty when none were given.</summary>
    [Id(1)] public string InitialCentroids { get; init; } = "";

    [Id(2)] public JobState State { get; init; }

    [Id(3)] public string Algorithm { get; init; } = "";

    /// <summary>Content hash of the dataset version's manifest.</summary>
    [Id(4)] public string Manifest { get; init; } = "";

    [Id(5)] public long Rows { get; init; }

    [Id(6)] public DateTimeOffset Created { get; init; }

    /// <summary>One of <see cref="JobPhases"/>.</summary>
    [Id(7)] public string Phase { get; init; } = JobPhases.Survey;

    [Id(8)] public int Restart { get; init; }

    [Id(9)] public int Iteration { get; init; }

    [Id(10)] public double Objective { get; init; } = double.NaN;

    /// <summary>Content hash of the newest checkpoint; empty before the first and after the end.</summary>
    [Id(11)] public string Checkpoint { get; init; } = "";

    [Id(12)] public string Error { get; init; } = "";

    /// <summary>How often it was gone on with after an interruption.</summary>
    [Id(13)] public int Resumed { get; init; }

    /// <summary>The model version that it published; 0 before.</summary>
    [Id(14)] public int Version { get; init; }

    /// <summary>The version asked for: 0 for the newest at the start.</summary>
    [Id(15)] public int RequestedDatasetVersion { get; init; }

    /// <summary>The number of clusters of the version that it published; 0 before.</summary>
    [Id(16)] public int K { get; init; }

    /// <summary>As <see cref="JobStatus.Best"/>, at the newest checkpoint.</summary>
    [Id(17)] public double Best { get; init; } = double.NaN;

    /// <summary>Content hash of the blob of the fitted preparation that the model has; empty: it is to be fitted, or there is none.</summary>
    [Id(18)] public string Preparation { get; init; } = "";

    /// <summary>The preparation that was asked for, where the request of a retraining left it to the model.</summary>
    [Id(19)] public string RequestedPreparation { get; init; } = "";

    /// <summary>What was changed of the parent's clusters before it began, for people; empty: nobody asked for that.</summary>
    [Id(20)] public string Adapted { get; init; } = "";

    /// <summary>Whether nothing can happen to it any more.</summary>
    public bool HasEnded() => State is JobState.Succeeded or JobState.Failed or JobState.Cancelled;

    /// <summary>As it is once a version is published: what it tells is the version's, and not the last restart's.</summary>
    public JobRecord Published(ModelVersion version) => this with
    {
        State = JobState.Succeeded,
        Phase = JobPhases.Done,
        Version = version.Version,
        K = version.Training.K,
        Objective = version.Training.Objective,
    };
}

/// <summary>What a job is doing, for people.</summary>
public static class JobPhases
{
    /// <summary>The first phase of every run; the following ones are named by the trainer (<see cref="ITrainer.Phase"/>).</summary>
    public const string Survey = "survey";

    /// <summary>Fitting the preparation of the rows, before everything else.</summary>
    public const string Prepare = "prepare";

    /// <summary>Choosing where to start.</summary>
    public const string Init = "init";

    /// <summary>From here on a version may have been published.</summary>
    public const string Publish = "publish";

    /// <summary>The version is published.</summary>
    public const string Done = "done";
}
