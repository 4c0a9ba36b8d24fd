using System.Collections.Immutable;
using OrleansCluster.Training;

namespace OrleansCluster.Client;

/// <summary>Training jobs.</summary>
public interface IJobClient
{
    /// <summary>Starts a job and answers its id at once. Wrong options are refused here, with what to change.</summary>
    Task<string> StartAsync(TrainingRequest request, CancellationToken cancellation = default);

    /// <summary>
    /// As <see cref="StartAsync(TrainingRequest, CancellationToken)"/>, under an id that whoever asks has chosen: asking again for the same starts it once.
    /// </summary>
    /// <param name="request">What to train.</param>
    /// <param name="job">The id; null: one is made up.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClusteringException">It cannot be carried out, or the id is that of a job with another request.</exception>
    Task<string> StartAsync(TrainingRequest request, string? job, CancellationToken cancellation = default);

    /// <summary>What a training would take where it would run now; null: its family does not say what it needs. Nothing is trained or written down.</summary>
    /// <exception cref="ClusteringException">It could not be carried out; that it would not fit is told in the plan.</exception>
    Task<PlannedTraining?> PlanAsync(TrainingRequest request, CancellationToken cancellation = default);

    /// <summary>What a retraining would take.</summary>
    /// <inheritdoc cref="PlanAsync(TrainingRequest, CancellationToken)"/>
    Task<PlannedTraining?> PlanAsync(RetrainingOrder order, CancellationToken cancellation = default);

    /// <summary>Starts a retraining of a model and answers its job's id at once.</summary>
    /// <exception cref="ClusteringException">There is no such model, another job is retraining it, or it cannot be retrained on these rows.</exception>
    Task<string> RetrainAsync(RetrainingOrder order, CancellationToken cancellation = default);

    /// <summary>As <see cref="RetrainAsync(RetrainingOrder, CancellationToken)"/>, under an id that whoever asks has chosen; null: one is made up.</summary>
    Task<string> RetrainAsync(RetrainingOrder order, string? job, CancellationToken cancellation = default);

    /// <summary>The job's progress from its beginning to its end; the last page's state is final or interrupted.</summary>
    IAsyncEnumerable<ProgressPage> WatchAsync(string job, CancellationToken cancellation = default);

    /// <summary>As <see cref="WatchAsync(string, CancellationToken)"/>, from a page's <see cref="ProgressPage.Cursor"/> on; 0: from the beginning.</summary>
    IAsyncEnumerable<ProgressPage> WatchAsync(string job, long after, CancellationToken cancellation = default);

    /// <summary>Every job of the tenant, ended ones too.</summary>
    Task<ImmutableArray<JobStatus>> ListAsync(CancellationToken cancellation = default);

    /// <summary>Null when there is no such job.</summary>
    Task<JobStatus?> FindAsync(string job, CancellationToken cancellation = default);

    /// <summary>Goes on with an interrupted job; does nothing to one that runs or has ended, whose status says how it ended and, when it failed, why.</summary>
    Task<JobStatus> ResumeAsync(string job, CancellationToken cancellation = default);

    /// <summary>Stops an unfinished job for good; nothing is published. One that has ended stays as it ended.</summary>
    Task<JobStatus> CancelAsync(string job, CancellationToken cancellation = default);

    /// <summary>Forgets a job. What it published stays.</summary>
    /// <param name="job">The job.</param>
    /// <param name="force">Whether one that has not ended is stopped for good first.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What is lost with it; empty: nothing.</returns>
    /// <exception cref="ClusteringException">There is no such job, or it has not ended.</exception>
    Task<string> DeleteAsync(string job, bool force = false, CancellationToken cancellation = default) =>
        throw Absences.OfCare();

    /// <summary>Writes a checkpoint and lets go of the job, so that it can be resumed later.</summary>
    Task<JobStatus> SuspendAsync(string job, CancellationToken cancellation = default);

    /// <summary>The report of a finished job; null while it is not finished.</summary>
    Task<TrainingReport?> ReportAsync(string job, CancellationToken cancellation = default);
}
