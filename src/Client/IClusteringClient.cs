using System.Collections.Immutable;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Models.Gates;
using OrleansCluster.Models.Routing;
using OrleansCluster.Monitoring;
using OrleansCluster.Serving;
using OrleansCluster.Training;

namespace OrleansCluster.Client;

/// <summary>Everything a tenant can ask of a cluster. One instance serves one tenant; it is thread-safe.</summary>
public interface IClusteringClient
{
    /// <summary>Rows: imported once, in versions that never change.</summary>
    IDatasetClient Datasets { get; }

    /// <summary>Trainings: started, watched, interrupted, resumed, cancelled.</summary>
    IJobClient Jobs { get; }

    /// <summary>What trainings published: versions, aliases, routes, policies, and answers by them.</summary>
    IModelClient Models { get; }

    /// <summary>What rows look like that models are asked about: observed, kept in windows, compared.</summary>
    IMonitorClient Monitor { get; }

    /// <summary>Who changed what, and who read or asked about rows.</summary>
    IAuditClient Audit { get; }

    /// <summary>Models that are retrained by themselves.</summary>
    IRetrainingClient Retraining { get; }

    /// <summary>What is wrong with models, by rules, and who is told.</summary>
    IAlertClient Alerts { get; }

    /// <summary>What the tenant used, by model and day.</summary>
    IUsageClient Usage { get; }
}

/// <summary>Datasets: rows in, versions out.</summary>
public interface IDatasetClient
{
    /// <summary>An import of a name that whoever asks has chosen, message by message.</summary>
    /// <exception cref="ClusteringException">The name is not allowed.</exception>
    IImportSession Session(string import);

    /// <summary>Begins a new version. Nothing is visible until <see cref="IDatasetImport.CommitAsync"/>.</summary>
    Task<IDatasetImport> ImportAsync(DatasetSchema schema, CancellationToken cancellation = default);

    /// <summary>
    /// Begins a new version whose first rows are those of the newest one, which shares its full shards with it. Rows are in its columns, precision and
    /// categories: texts that it has not come behind its own.
    /// </summary>
    /// <param name="earlier">The newest version.</param>
    /// <param name="source">Where the rows come from, for people.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClusteringException">A shard is damaged.</exception>
    Task<IDatasetImport> AppendAsync(DatasetVersion earlier, string source, CancellationToken cancellation = default);

    /// <summary>As <see cref="AppendAsync(DatasetVersion, string, CancellationToken)"/>, saying who appends.</summary>
    Task<IDatasetImport> AppendAsync(DatasetVersion earlier, string source, string by, CancellationToken cancellation = default) =>
        AppendAsync(earlier, source, cancellation);

    /// <summary>Every version that a dataset ever had: version n is at index n − 1, deleted ones too; empty: there was no such dataset.</summary>
    Task<ImmutableArray<DatasetVersionEntry>> HistoryAsync(string name, CancellationToken cancellation = default) =>
        throw Absences.OfCare();

    /// <summary>Where the shards of a version came from, in their order.</summary>
    /// <exception cref="ClusteringException">There is no such version.</exception>
    IAsyncEnumerable<ShardOrigin> OriginsAsync(string name, int version, CancellationToken cancellation = default) =>
        throw Absences.OfCare();

    /// <summary>What needs the rows of a version, or of any when 0: versions of models that were trained on them, and jobs that have not ended.</summary>
    Task<ImmutableArray<DatasetUse>> UsesAsync(string name, int version = 0, CancellationToken cancellation = default) =>
        throw Absences.OfCare();

    /// <summary>Deletes a version, or all when 0. Numbers are not given again; room becomes free when storage is collected.</summary>
    /// <param name="name">The dataset.</param>
    /// <param name="version">The version; 0: all.</param>
    /// <param name="force">Whether it goes although something needs it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="ClusteringException">Something needs it, or there is no such version.</exception>
    Task<DatasetDeletion> DeleteAsync(string name, int version, bool force = false, CancellationToken cancellation = default) =>
        throw Absences.OfCare();

    /// <summary>
    /// Gives a dataset another name. What names a version by the old one goes on meaning it; the name alone does until other rows are imported under it.
    /// </summary>
    /// <exception cref="ClusteringException">There is no such dataset, or the name is or was another one's.</exception>
    Task<DatasetVersion> RenameAsync(string name, string to, CancellationToken cancellation = default) =>
        throw Absences.OfCare();

    /// <summary>Becomes a dataset with these versions, whose blobs are here; what is here already stays and must be the same.</summary>
    /// <exception cref="ClusteringException">There are other rows under one of the numbers, or a manifest is not here. Nothing was changed.</exception>
    Task AdoptAsync(string name, ImmutableArray<DatasetVersionEntry> versions, CancellationToken cancellation = default) =>
        throw Absences.OfCare();

    /// <summary>Looks whether a shard of a version is what its manifest says.</summary>
    /// <param name="dataset">The version.</param>
    /// <param name="shard">From 0.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What is wrong; empty: nothing.</returns>
    Task<string> VerifyAsync(DatasetVersion dataset, int shard, CancellationToken cancellation = default);

    /// <summary>The newest version of every dataset, by name.</summary>
    Task<ImmutableArray<DatasetVersion>> ListAsync(CancellationToken cancellation = default);

    /// <summary>Version <paramref name="version"/>, or the newest when 0; null when there is none.</summary>
    Task<DatasetVersion?> FindAsync(string name, int version = 0, CancellationToken cancellation = default);

    /// <summary>The rows of a version, in order, a message at a time.</summary>
    /// <param name="dataset">The version.</param>
    /// <param name="columns">Positions of the columns wanted, in this order, from 0.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="ClusteringException">There is no such version or column, or its rows cannot be read.</exception>
    IAsyncEnumerable<DatasetRows> ReadAsync(DatasetVersion dataset, ImmutableArray<int> columns, CancellationToken cancellation = default);
}

/// <summary>Rows on their way into a new version. Rows are in the schema's precision and column order.</summary>
public interface IDatasetImport : IAsyncDisposable
{
    /// <summary>
    /// Adds rows: row-major little-endian <paramref name="values"/>; one weight a row when the schema has a weight column; one id a row when it has an id
    /// column.
    /// </summary>
    Task AppendAsync(ReadOnlyMemory<byte> values, ReadOnlyMemory<double> weights, ImmutableArray<string> ids, CancellationToken cancellation = default);

    /// <summary>Says what values of a category stand for, any time before the commit.</summary>
    /// <param name="column">Position of the column, whose type is <c>category</c>.</param>
    /// <param name="first">The value that the first text is for.</param>
    /// <param name="texts">A text for each value from there on.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    Task AddCategoriesAsync(int column, int first, ImmutableArray<string> texts, CancellationToken cancellation = default);

    /// <summary>
    /// Says what was expected of the rows and how they were, any time before the commit: it is kept with the version, and who reads rows to append looks at
    /// them so. Rows themselves are not looked at here.
    /// </summary>
    Task ExpectAsync(ImmutableArray<ExpectationResult> expectations, CancellationToken cancellation = default);

    /// <summary>Publishes the version, or answers the newest one when it already holds exactly these rows.</summary>
    Task<DatasetVersion> CommitAsync(CancellationToken cancellation = default);
}

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

/// <summary>Models, their versions, and questions to them.</summary>
public interface IModelClient
{
    /// <summary>Every model that has a version.</summary>
    Task<ImmutableArray<ModelOutline>> ListAsync(CancellationToken cancellation = default);

    /// <summary>The model with all its versions, shortly (<see cref="VersionAsync"/> has the rest); null when there is no such model.</summary>
    Task<ModelOutline?> FindAsync(string name, CancellationToken cancellation = default);

    /// <summary>One version with its whole training report, or the one that the bare name means when 0; null when there is none.</summary>
    Task<ModelVersion?> VersionAsync(string name, int version = 0, CancellationToken cancellation = default);

    /// <summary>The number of the version that a reference (<c>name</c>, <c>name@3</c>, <c>name@champion</c>) means now; null when there is none.</summary>
    /// <exception cref="ClusteringException">The version was pruned.</exception>
    Task<ResolvedVersion?> ResolveAsync(ModelReference reference, CancellationToken cancellation = default);

    /// <summary>
    /// The parameters of a version, or of the one that the bare name means when 0; null when there is none. Their rows are in the order of training and
    /// <see cref="ModelParameters.Labels"/> says which cluster each is; <see cref="ModelParameters.ByLabel"/> sorts them.
    /// </summary>
    Task<ModelParameters?> ParametersAsync(string name, int version = 0, CancellationToken cancellation = default);

    /// <summary>What a version is made of, and what its training rows look like, as JSON; null when there is none.</summary>
    /// <exception cref="ClusteringException">The version was pruned.</exception>
    Task<ModelPackage?> PackageAsync(string name, int version = 0, CancellationToken cancellation = default);

    /// <summary>How a version's clusters were aligned with those of its parent when it was published; null when it has none.</summary>
    Task<VersionAlignment?> AlignmentAsync(string name, int version, CancellationToken cancellation = default);

    /// <summary>How the clusters of any two versions relate.</summary>
    /// <exception cref="ClusteringException">There is no such version, or it was pruned.</exception>
    Task<VersionAlignment> CompareAsync(string name, int from, int to, CancellationToken cancellation = default);

    /// <summary>How far the clusters that two versions both have lie apart.</summary>
    /// <exception cref="ClusteringException">There is no such version, or it was pruned.</exception>
    Task<VersionDistances> DistancesAsync(string name, int from, int to, CancellationToken cancellation = default);
    /// <summary>
    /// The Kullback–Leibler divergence KL(from ‖ to) of two versions' densities, in nats, over rows drawn from the first. A function of the versions, the
    /// number of rows and the seed.
    /// </summary>
    /// <exception cref="ClusteringException">There is no such version, or one of them has no densities.</exception>
    Task<DivergenceEstimate> DivergenceAsync(string name, int from, int to, int rows, ulong seed = 0, CancellationToken cancellation = default);

    /// <summary>A model to be copied (<see cref="Copies"/>), without its blobs; null when there is none.</summary>
    Task<PackedModel?> PackAsync(string name, CancellationToken cancellation = default);

    /// <summary>A blob that a model names, piece by piece.</summary>
    /// <exception cref="ClusteringException">It names no such blob, or it cannot be read.</exception>
    IAsyncEnumerable<ReadOnlyMemory<byte>> ReadBlobAsync(string name, string hash, CancellationToken cancellation = default);

    /// <summary>Stores a blob.</summary>
    /// <exception cref="ClusteringException">The pieces do not have that content hash.</exception>
    Task WriteBlobAsync(string hash, IAsyncEnumerable<ReadOnlyMemory<byte>> pieces, CancellationToken cancellation = default);

    /// <summary>Becomes a model that was packed elsewhere, whose blobs are here.</summary>
    /// <exception cref="ClusteringException">The model here has changes that are not in it; nothing was changed.</exception>
    Task<ModelInfo> UnpackAsync(string name, PackedModel model, CancellationToken cancellation = default);

    /// <summary>The audit trail, newest entry first.</summary>
    IAsyncEnumerable<ModelEvent> EventsAsync(string name, CancellationToken cancellation = default);

    /// <summary>A change to what was seen of a model: it is refused when the model has another revision by then. Carried out twice it changes once.</summary>
    /// <param name="seen">What the change was decided on.</param>
    /// <param name="by">Who asks, for the audit trail.</param>
    /// <param name="reason">Why, for the audit trail.</param>
    ModelChange Change(ModelInfo seen, string by = "", string reason = "");

    /// <summary>Points an alias to a version.</summary>
    /// <exception cref="ClusteringException">Another change came first, or there is no such version.</exception>
    Task<ModelInfo> SetAliasAsync(string name, ModelChange change, string alias, int version, CancellationToken cancellation = default);

    /// <summary>Takes an alias away.</summary>
    /// <exception cref="ClusteringException">Another change came first, or there is no such alias.</exception>
    Task<ModelInfo> RemoveAliasAsync(string name, ModelChange change, string alias, CancellationToken cancellation = default);

    /// <summary>Points an alias to where it pointed before.</summary>
    /// <exception cref="ClusteringException">Another change came first, or it never pointed elsewhere.</exception>
    Task<ModelInfo> RollbackAsync(string name, ModelChange change, string alias, CancellationToken cancellation = default);

    /// <summary>Sets tags of a version, or of the model when 0; an empty value takes a tag away.</summary>
    /// <exception cref="ClusteringException">Another change came first, there is no such version, or a tag is not allowed.</exception>
    Task<ModelInfo> TagAsync(string name, ModelChange change, int version, ImmutableArray<ModelTag> tags, CancellationToken cancellation = default);

    /// <summary>Describes a version, or the model when 0.</summary>
    /// <exception cref="ClusteringException">Another change came first, or there is no such version.</exception>
    Task<ModelInfo> DescribeAsync(string name, ModelChange change, int version, string text, CancellationToken cancellation = default);

    /// <summary>Says what a cluster is, in all versions that have it.</summary>
    /// <exception cref="ClusteringException">Another change came first, or no version ever had such a cluster.</exception>
    Task<ModelInfo> NameClusterAsync(string name, ModelChange change, ClusterNote note, CancellationToken cancellation = default);

    /// <summary>Lets go of the parameters of versions that a policy does not keep.</summary>
    /// <returns>A verdict on every version, oldest first.</returns>
    /// <exception cref="ClusteringException">Another change came first, or the policy keeps nothing.</exception>
    Task<ImmutableArray<RetentionVerdict>> PruneAsync(string name, ModelChange change, RetentionPolicy policy, CancellationToken cancellation = default);

    /// <summary>
    /// Takes a version away, or the whole model when 0, with its names and history. Numbers go on where they were: none is given twice.
    /// </summary>
    /// <param name="name">The model.</param>
    /// <param name="change">The change.</param>
    /// <param name="version">The version; 0: all.</param>
    /// <param name="force">Whether it goes although an alias, a route, a retraining or another version needs it.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>What needed it: a line each.</returns>
    /// <exception cref="ClusteringException">Something needs it, another change came first, or there is no such version.</exception>
    Task<ImmutableArray<string>> DeleteAsync(string name, ModelChange change, int version, bool force = false, CancellationToken cancellation = default) =>
        throw Absences.OfCare();

    /// <summary>How the bare name is answered now; null when there is no such model.</summary>
    Task<RouteStatus?> RouteAsync(string name, CancellationToken cancellation = default);

    /// <summary>What was compared under the newest route that anything was compared under.</summary>
    Task<RouteAgreement> AgreementAsync(string name, CancellationToken cancellation = default);

    /// <summary>Changes who answers the bare name.</summary>
    /// <exception cref="ClusteringException">Another change came first, or the route cannot be; the message says why.</exception>
    Task<ModelInfo> SetRouteAsync(string name, ModelChange change, RouteChange route, CancellationToken cancellation = default);

    /// <summary>What new versions are judged by; null: nothing.</summary>
    Task<GatePolicy?> PolicyAsync(string name, CancellationToken cancellation = default);
    /// <summary>
    /// Sets all that new versions are judged by; null: nothing. <see cref="GatePolicy.With"/> and <see cref="GatePolicy.Without"/> change single rules.
    /// </summary>
    /// <exception cref="ClusteringException">Another change came first, or the policy cannot be carried out; the message says why.</exception>
    Task<ModelInfo> SetPolicyAsync(string name, ModelChange change, GatePolicy? policy, CancellationToken cancellation = default);

    /// <summary>
    /// Assigns rows (any number that fits a message: a few MB) under a version. When 0, as the bare name is answered: by the route where one is set
    /// (<see cref="Assignments.Versions"/>), else by the champion, else by the newest version. Labels are stable ids.
    /// </summary>
    Task<Assignments> AssignAsync(string name, int version, RowsPayload rows, CancellationToken cancellation = default);

    /// <summary>
    /// Assigns every row of a dataset version, shard by shard in row order, under one version: when 0, the champion, else the newest; no route divides a
    /// dataset. The model's columns are found by their names, in whatever order and among whichever others the dataset has them.
    /// </summary>
    /// <exception cref="ClusteringException">There is no such dataset or model, or the dataset lacks columns of the model.</exception>
    IAsyncEnumerable<Assignments> AssignDatasetAsync(string name, int version, string dataset, int datasetVersion, CancellationToken cancellation = default);

    /// <summary>Log-densities and responsibilities of rows (any number that fits a message) under a model that has densities.</summary>
    Task<Scores> ScoreAsync(string name, ScoreQuery query, CancellationToken cancellation = default);

    /// <summary>
    /// Why rows belong to their clusters and not to the next best ones, column by column, and which value of a column would change that. At most
    /// <see cref="ExplainQuery.MostValues"/> values a call.
    /// </summary>
    /// <exception cref="ClusteringException">There is no such model, it cannot be explained, or the rows do not fit it.</exception>
    Task<Explanations> ExplainAsync(string name, ExplainQuery query, CancellationToken cancellation = default);

    /// <summary>
    /// What the clusters of a version are like, as a bounded number of the rows say that it was trained on: what sets each apart, how its values are spread,
    /// its most typical and most doubtful rows.
    /// </summary>
    /// <exception cref="ClusteringException">There is no such model, version or cluster, its rows are gone, or it is too much for one answer.</exception>
    Task<ClusterProfiles> ProfileAsync(string name, ProfileQuery query, CancellationToken cancellation = default);

    /// <summary>Rows drawn from a model that has samples. Row i is a function of version, seed, component and i alone.</summary>
    Task<Samples> SampleAsync(string name, SampleQuery query, CancellationToken cancellation = default);
}
