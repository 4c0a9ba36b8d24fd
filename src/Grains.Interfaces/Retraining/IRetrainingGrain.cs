using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansCluster.Datasets;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Retraining;

/// <summary>
/// Retrains a model by itself, as its plan says, tries what came of it, and promotes it or rolls it back; key: <c>tenant/model</c>. Every step is written down
/// before it is taken, and taking it again does no harm, so that a silo may be lost at any moment.
/// </summary>
[Alias("oc.IRetrainingGrain")]
public interface IRetrainingGrain : IPackable
{
    /// <summary>Sets the plan, or another one; what is under way goes on.</summary>
    /// <exception cref="ClusteringException">There is no such model or dataset, or the plan cannot be carried out; the message says why.</exception>
    [Alias("Set"), Audited("retraining.set")]
    Task<RetrainingStatus> Set(RetrainingPlan plan, CancellationToken cancellation = default);

    /// <summary>Takes the plan away. A run under way is left where it stands; its canary, if there is one, is ended.</summary>
    /// <exception cref="ClusteringException">There is no plan.</exception>
    [Alias("Remove"), Audited("retraining.remove")]
    Task Remove(CancellationToken cancellation = default);

    /// <summary>The plan and what came of it; null: there is none.</summary>
    [Alias("Status"), AlwaysInterleave]
    Task<RetrainingStatus?> Status(CancellationToken cancellation = default);

    /// <summary>Looks whether anything is due, and takes the next step of what is under way. A reminder does it every minute.</summary>
    /// <exception cref="ClusteringException">There is no plan.</exception>
    [Alias("Look")]
    Task<RetrainingStatus> Look(CancellationToken cancellation = default);

    /// <summary>Begins a run now, whatever schedule, pause and hours say; answers where things stand when one is under way.</summary>
    /// <param name="by">Who asks.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClusteringException">There is no plan, or it cannot be begun.</exception>
    [Alias("Begin"), Audited("retraining.begin")]
    Task<RetrainingStatus> Begin(string by, CancellationToken cancellation = default);

    /// <summary>Goes on after too many failures (<see cref="RetrainingStatus.Stopped"/>).</summary>
    /// <exception cref="ClusteringException">There is no plan.</exception>
    [Alias("Resume"), Audited("retraining.resume")]
    Task<RetrainingStatus> Resume(CancellationToken cancellation = default);

    /// <summary>The model is gone: its plan and its history go with it.</summary>
    [Alias("Forget")]
    Task Forget(CancellationToken cancellation = default);
}

/// <summary>Where the retraining of a model stands.</summary>
[GenerateSerializer, Immutable, Alias("oc.RetrainingStatus")]
public sealed record RetrainingStatus
{
    [Id(0)] public required string Model { get; init; }

    [Id(1)] public required RetrainingPlan Plan { get; init; }

    /// <summary>The run under way; null: there is none.</summary>
    [Id(2)] public RetrainingRun? Current { get; init; }

    /// <summary>Runs that have ended, the newest first.</summary>
    [Id(3)] public ImmutableArray<RetrainingRun> Ended { get; init; } = [];

    /// <summary>Why no run begins by itself any more; empty: they do. <see cref="IRetrainingGrain.Resume"/> ends it.</summary>
    [Id(4)] public string Stopped { get; init; } = "";

    /// <summary>Why a run that is due does not begin yet; empty: none is due.</summary>
    [Id(5)] public string Waiting { get; init; } = "";

    /// <summary>When the schedule begins the next run; null: there is no schedule.</summary>
    [Id(6)] public DateTimeOffset? Next { get; init; }
}

/// <summary>One retraining from its cause to its end.</summary>
[GenerateSerializer, Immutable, Alias("oc.RetrainingRun")]
public sealed record RetrainingRun
{
    /// <summary>From 1; never given twice under a model.</summary>
    [Id(0)] public required int Number { get; init; }

    [Id(1)] public required RetrainingStep Step { get; init; }

    /// <summary>One of <see cref="RetrainingCauses"/>.</summary>
    [Id(2)] public required string Cause { get; init; }

    /// <summary>What caused it, for people.</summary>
    [Id(3)] public required string Because { get; init; }

    /// <summary>Id of the training job.</summary>
    [Id(4)] public required string Job { get; init; }

    [Id(5)] public required int DatasetVersion { get; init; }

    /// <summary>The version that it goes on from.</summary>
    [Id(6)] public required int Parent { get; init; }

    [Id(7)] public required DateTimeOffset Began { get; init; }

    /// <summary>The version that it published; 0: none yet.</summary>
    [Id(8)] public int Version { get; init; }

    /// <summary>Of a canary: the step that it was seen at last, from 0.</summary>
    [Id(9)] public int CanaryStep { get; init; }

    [Id(10)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it ended so, for people; empty: it has not ended.</summary>
    [Id(11)] public string Why { get; init; } = "";

    /// <summary>Who asked; empty: nobody, it began by itself.</summary>
    [Id(12)] public string By { get; init; } = "";

    /// <summary>Whether nothing follows.</summary>
    public bool HasEnded => EndedAt is not null;

    /// <summary>Whether it ended without a better version.</summary>
    public bool CameToNothing => Step is RetrainingStep.Failed or RetrainingStep.Rejected or RetrainingStep.RolledBack;
}

/// <summary>Where a run stands.</summary>
public enum RetrainingStep
{
    /// <summary>The job is started, or running.</summary>
    Training,

    /// <summary>What it published is tried on a growing share of the questions.</summary>
    Trying,

    /// <summary>Ended: what it published is the champion.</summary>
    Promoted,

    /// <summary>Ended: what it published did not pass the model's policy.</summary>
    Rejected,

    /// <summary>Ended: what it published was tried, was not good enough, and answers nothing any more.</summary>
    RolledBack,

    /// <summary>Ended: nothing was published.</summary>
    Failed,

    /// <summary>Ended: somebody else decided meanwhile, or nothing says what is to become of the version.</summary>
    Left,
}

/// <summary>What can cause a run.</summary>
public static class RetrainingCauses
{
    public const string Schedule = "schedule";
    public const string Drift = "drift";
    public const string Rows = "rows";
    public const string Age = "age";

    /// <summary>Somebody asked for it.</summary>
    public const string Asked = "asked";
}
