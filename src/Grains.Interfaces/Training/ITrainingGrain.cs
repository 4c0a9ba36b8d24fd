using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansCluster.Datasets;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Training;

/// <summary>The coordinator of one training job; key: <c>tenant/job</c>.</summary>
[Alias("oc.ITrainingGrain")]
public interface ITrainingGrain : IPackable
{
    /// <summary>Checks the request, writes it down and answers at once. Asking again with the same request answers where the job stands.</summary>
    /// <exception cref="ClusteringException">The request cannot be carried out, or the job exists with another request.</exception>
    [Alias("Start"), Audited("job.start", Tells = "request")]
    Task<JobStatus> Start(TrainingRequest request, CancellationToken cancellation = default);

    /// <summary>Where the job stands; null when it was never started.</summary>
    [Alias("Status"), AlwaysInterleave]
    Task<JobStatus?> Status(CancellationToken cancellation = default);

    /// <summary>
    /// What happened after a cursor (0: from the beginning). Waits up to <paramref name="wait"/> (at most some seconds) for something to happen.
    /// </summary>
    [Alias("Progress"), AlwaysInterleave]
    Task<ProgressPage> Progress(long after, TimeSpan wait, CancellationToken cancellation = default);

    /// <summary>Goes on with an interrupted job; does nothing to one that runs or has ended.</summary>
    [Alias("Resume"), Audited("job.resume")]
    Task<JobStatus> Resume(CancellationToken cancellation = default);

    /// <summary>Takes up the job when it should be running and nobody drives it.</summary>
    /// <returns>Whether it should be running: asking again later is worth it.</returns>
    [Alias("Wake")]
    Task<bool> Wake(CancellationToken cancellation = default);

    /// <summary>Whether the job may still come to publish something: it is being started, running, or interrupted.</summary>
    [Alias("IsLive"), AlwaysInterleave]
    Task<bool> IsLive(CancellationToken cancellation = default);

    /// <summary>Stops an unfinished job for good; nothing is published.</summary>
    [Alias("Cancel"), Audited("job.cancel")]
    Task<JobStatus> Cancel(CancellationToken cancellation = default);

    /// <summary>The blobs that the job needs to go on, and the manifest of its rows: none when it has ended, or was never started.</summary>
    [Alias("Needs"), AlwaysInterleave]
    Task<JobNeeds> Needs(CancellationToken cancellation = default);

    /// <summary>Forgets the job. What it published stays.</summary>
    /// <param name="force">Whether one that has not ended is stopped for good first.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>What is lost with it; empty: nothing.</returns>
    /// <exception cref="ClusteringException">There is no such job, or it has not ended.</exception>
    [Alias("Delete"), Audited("job.delete", Tells = "force")]
    Task<string> Delete(bool force, CancellationToken cancellation = default);

    /// <summary>Writes a checkpoint and lets go of the job, so that it can be resumed later.</summary>
    [Alias("Suspend"), Audited("job.suspend")]
    Task<JobStatus> Suspend(CancellationToken cancellation = default);

    /// <summary>The report of a job that succeeded; null otherwise.</summary>
    [Alias("Report"), AlwaysInterleave]
    Task<TrainingReport?> Report(CancellationToken cancellation = default);

    /// <summary>A piece of the step that is being computed, for silos that do not have it yet.</summary>
    /// <exception cref="UnavailableException">The step is not the current one: nobody waits for it any more, or its job is just being taken up
    /// again.</exception>
    [Alias("ReadStep"), AlwaysInterleave]
    Task<StepChunk> ReadStep(string digest, int offset, CancellationToken cancellation = default);
}

/// <summary>What a job that has not ended needs to go on.</summary>
[GenerateSerializer, Immutable, Alias("oc.JobNeeds")]
public sealed record JobNeeds
{
    /// <summary>Content hashes of blobs.</summary>
    [Id(0)] public ImmutableArray<string> Blobs { get; init; } = [];

    /// <summary>Content hash of the manifest of its rows; empty: none.</summary>
    [Id(1)] public string Manifest { get; init; } = "";
}
