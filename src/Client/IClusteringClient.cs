using System.Collections.Immutable;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Serving;
using OrleansCluster.Training;

namespace OrleansCluster.Client;

/// <summary>Everything a tenant can ask of a cluster. One instance serves one tenant; it is thread-safe.</summary>
public interface IClusteringClient
{
    IDatasetClient Datasets { get; }

    IJobClient Jobs { get; }

    IModelClient Models { get; }
}

/// <summary>Datasets: rows in, versions out.</summary>
public interface IDatasetClient
{
    /// <summary>Begins a new version. Nothing is visible until <see cref="IDatasetImport.CommitAsync"/>.</summary>
    Task<IDatasetImport> ImportAsync(DatasetSchema schema, CancellationToken cancellation = default);

    /// <summary>The newest version of every dataset, by name.</summary>
    Task<ImmutableArray<DatasetVersion>> ListAsync(CancellationToken cancellation = default);

    /// <summary>Version <paramref name="version"/>, or the newest when 0; null when there is none.</summary>
    Task<DatasetVersion?> FindAsync(string name, int version = 0, CancellationToken cancellation = default);
}

/// <summary>Rows on their way into a new version. Rows are in the schema's precision and column order.</summary>
public interface IDatasetImport : IAsyncDisposable
{
    /// <summary>Adds rows: row-major little-endian <paramref name="values"/>; one weight a row when the schema has a weight column; one id a row when it has an id column.</summary>
    Task AppendAsync(ReadOnlyMemory<byte> values, ReadOnlyMemory<double> weights, ImmutableArray<string> ids, CancellationToken cancellation = default);

    /// <summary>Publishes the version, or answers the newest one when it already holds exactly these rows.</summary>
    Task<DatasetVersion> CommitAsync(CancellationToken cancellation = default);
}

/// <summary>Training jobs.</summary>
public interface IJobClient
{
    /// <summary>Starts a job and answers its id at once. Wrong options are refused here, with what to change.</summary>
    Task<string> StartAsync(TrainingRequest request, CancellationToken cancellation = default);

    /// <summary>The job's progress from its beginning to its end; the last page's state is final or interrupted.</summary>
    IAsyncEnumerable<ProgressPage> WatchAsync(string job, CancellationToken cancellation = default);

    Task<ImmutableArray<JobStatus>> ListAsync(CancellationToken cancellation = default);

    /// <summary>Null when there is no such job.</summary>
    Task<JobStatus?> FindAsync(string job, CancellationToken cancellation = default);

    /// <summary>Goes on with an interrupted job; does nothing to a running or finished one.</summary>
    Task<JobStatus> ResumeAsync(string job, CancellationToken cancellation = default);

    Task<JobStatus> CancelAsync(string job, CancellationToken cancellation = default);

    /// <summary>Writes a checkpoint and lets go of the job, so that it can be resumed later.</summary>
    Task<JobStatus> SuspendAsync(string job, CancellationToken cancellation = default);

    /// <summary>The report of a finished job; null while it is not finished.</summary>
    Task<TrainingReport?> ReportAsync(string job, CancellationToken cancellation = default);
}

/// <summary>Models, their versions, and questions to them.</summary>
public interface IModelClient
{
    Task<ImmutableArray<ModelSummary>> ListAsync(CancellationToken cancellation = default);

    /// <summary>The model with all its versions, without the iterations of their trainings (see <see cref="VersionAsync"/>); null when there is no such model.</summary>
    Task<ModelSummary?> FindAsync(string name, CancellationToken cancellation = default);

    /// <summary>One version with its whole training report, or the newest when 0; null when there is none.</summary>
    Task<ModelVersion?> VersionAsync(string name, int version = 0, CancellationToken cancellation = default);

    /// <summary>The parameters of a version, or of the newest when 0; null when there is none.</summary>
    Task<ModelParameters?> ParametersAsync(string name, int version = 0, CancellationToken cancellation = default);

    /// <summary>Assigns rows (any number that fits a message: a few MB) under a version, or the newest when 0.</summary>
    Task<Assignments> AssignAsync(string name, int version, RowsPayload rows, CancellationToken cancellation = default);

    /// <summary>Assigns every row of a dataset version, shard by shard in row order.</summary>
    IAsyncEnumerable<Assignments> AssignDatasetAsync(string name, int version, string dataset, int datasetVersion, CancellationToken cancellation = default);

    /// <summary>Log-densities and responsibilities of rows (any number that fits a message) under a mixture.</summary>
    Task<Scores> ScoreAsync(string name, ScoreQuery query, CancellationToken cancellation = default);

    /// <summary>Rows drawn from a mixture. Row i is a function of version, seed, component and i alone.</summary>
    Task<Samples> SampleAsync(string name, SampleQuery query, CancellationToken cancellation = default);
}
