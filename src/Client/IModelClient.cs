using System.Collections.Immutable;
using OrleansCluster.Models;
using OrleansCluster.Models.Gates;
using OrleansCluster.Models.Routing;
using OrleansCluster.Monitoring;
using OrleansCluster.Serving;

namespace OrleansCluster.Client;

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
    /// <param name="hash">Its content hash.</param>
    /// <param name="pieces">Its content; over HTTP begun anew when it has to be sent again.</param>
    /// <param name="cancellation">Ends the writing.</param>
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
