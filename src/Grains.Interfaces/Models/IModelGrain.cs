using System.Collections.Immutable;
using Orleans.Concurrency;
using OrleansCluster.Models.Gates;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Models;

/// <summary>
/// Owns the versions of one model, and what is said of them; key: <c>tenant/name</c>. Versions never change. Everything beside them changes one revision at a
/// time: a change names the revision that it was decided on, and is refused when another one came first. Questions are answered while a change is being
/// written, from what was written before. Where a version is asked for, 0 is the one that the bare name means: the champion where one is set, else the
/// newest.
/// </summary>
[Alias("oc.IModelGrain")]
public interface IModelGrain : IGrainWithStringKey
{
    /// <summary>
    /// Publishes the next version, its clusters aligned with those of its parent so that they keep their stable ids. Idempotent by job: asking again answers
    /// the version that the job published.
    /// </summary>
    /// <exception cref="ClusteringException">The result cannot be read, or it has other columns than the model; nothing was published.</exception>
    [Alias("Publish"), Audited("model.publish", Tells = "publication")]
    Task<ModelVersion> Publish(ModelPublication publication, CancellationToken cancellation = default);

    /// <summary>A version; null when there is none.</summary>
    [Alias("Get"), AlwaysInterleave]
    Task<ModelVersion?> Get(int version, CancellationToken cancellation = default);

    /// <summary>The version that a job published; null when it published none.</summary>
    [Alias("FindByJob"), AlwaysInterleave]
    Task<ModelVersion?> FindByJob(string job, CancellationToken cancellation = default);

    /// <summary>The model and all its versions, shortly; null when there is no such model.</summary>
    [Alias("Summary"), AlwaysInterleave]
    Task<ModelOutline?> Summary(CancellationToken cancellation = default);

    /// <summary>Revision, aliases, tags, names of clusters; null when there is no such model.</summary>
    [Alias("Info"), AlwaysInterleave]
    Task<ModelInfo?> Info(CancellationToken cancellation = default);

    /// <summary>Number of a version and the blobs that serving needs; null when there is none.</summary>
    /// <exception cref="ClusteringException">The version was pruned.</exception>
    [Alias("Resolve"), AlwaysInterleave]
    Task<ResolvedVersion?> Resolve(int version, CancellationToken cancellation = default);
    /// <summary>
    /// As <see cref="Resolve"/>, for the version that an alias points to, or <see cref="ModelReference.Newest"/>; null when there is no such alias.
    /// </summary>
    [Alias("ResolveAlias"), AlwaysInterleave]
    Task<ResolvedVersion?> ResolveAlias(string alias, CancellationToken cancellation = default);

    /// <summary>The parameters of a version; null when there is none.</summary>
    /// <exception cref="ClusteringException">The version was pruned.</exception>
    [Alias("Parameters"), AlwaysInterleave]
    Task<ModelParameters?> Parameters(int version, CancellationToken cancellation = default);

    /// <summary>What a version is made of, and what the rows that it was trained on look like under it; null when there is none.</summary>
    /// <exception cref="ClusteringException">The version was pruned.</exception>
    [Alias("Package"), AlwaysInterleave]
    Task<ModelPackage?> Package(int version, CancellationToken cancellation = default);

    /// <summary>How a version's clusters were aligned with those of its parent; null for a version without parent, or when there is none.</summary>
    /// <exception cref="ClusteringException">The version was pruned.</exception>
    [Alias("Alignment"), AlwaysInterleave]
    Task<VersionAlignment?> Alignment(int version, CancellationToken cancellation = default);
    /// <summary>
    /// How the clusters of any two versions relate: the alignment that was made at publication when one is the other's parent, else by the ids they share.
    /// </summary>
    /// <exception cref="ClusteringException">There is no such version, or it was pruned.</exception>
    [Alias("Compare"), AlwaysInterleave]
    Task<VersionAlignment> Compare(int from, int to, CancellationToken cancellation = default);

    /// <summary>How far the clusters that two versions both have lie apart.</summary>
    /// <exception cref="ClusteringException">There is no such version, or it was pruned.</exception>
    [Alias("Distances"), AlwaysInterleave]
    Task<VersionDistances> Distances(int from, int to, CancellationToken cancellation = default);
    /// <summary>
    /// Entries of the audit trail, newest first: those below revision <paramref name="before"/> (0: from the newest on), at most <paramref name="count"/>, at
    /// least one when there are any.
    /// </summary>
    [Alias("Events"), AlwaysInterleave]
    Task<ImmutableArray<ModelEvent>> Events(long before, int count, CancellationToken cancellation = default);

    /// <summary>Whether a result over these columns can become a version, asked before the work is done.</summary>
    /// <returns>Whether the publication must bring anchor rows, because the model has none yet.</returns>
    /// <exception cref="ClusteringException">The model has other columns; the message names them.</exception>
    [Alias("Expects"), AlwaysInterleave]
    Task<bool> Expects(ImmutableArray<string> columns, CancellationToken cancellation = default);

    /// <summary>Points an alias to a version, in one step, whether it was there before or not.</summary>
    /// <exception cref="ClusteringException">Another change came first, there is no such version or it was pruned, or the alias is no name.</exception>
    [Alias("SetAlias"), Audited("model.set-alias", Tells = "alias,version")]
    Task<ModelInfo> SetAlias(ModelChange change, string alias, int version, CancellationToken cancellation = default);

    /// <summary>Takes an alias away.</summary>
    /// <exception cref="ClusteringException">Another change came first, or there is no such alias.</exception>
    [Alias("RemoveAlias"), Audited("model.remove-alias", Tells = "alias")]
    Task<ModelInfo> RemoveAlias(ModelChange change, string alias, CancellationToken cancellation = default);

    /// <summary>Points an alias to where it pointed before; again, to where it pointed before that.</summary>
    /// <exception cref="ClusteringException">Another change came first, there is no such alias, or it never pointed elsewhere.</exception>
    [Alias("Rollback"), Audited("model.rollback", Tells = "alias")]
    Task<ModelInfo> Rollback(ModelChange change, string alias, CancellationToken cancellation = default);

    /// <summary>Sets tags of a version, or of the model when 0; an empty value takes a tag away.</summary>
    /// <exception cref="ClusteringException">Another change came first, there is no such version, or a tag is not allowed.</exception>
    [Alias("Tag"), Audited("model.tag", Tells = "version,tags")]
    Task<ModelInfo> Tag(ModelChange change, int version, ImmutableArray<ModelTag> tags, CancellationToken cancellation = default);

    /// <summary>Describes a version, or the model when 0.</summary>
    /// <exception cref="ClusteringException">Another change came first, there is no such version, or the text is too long.</exception>
    [Alias("Describe"), Audited("model.describe", Tells = "version")]
    Task<ModelInfo> Describe(ModelChange change, int version, string text, CancellationToken cancellation = default);

    /// <summary>Says what a cluster is, in all versions that have it. An empty note takes back what was said.</summary>
    /// <exception cref="ClusteringException">Another change came first, no version ever had such a cluster, or the note is not allowed.</exception>
    [Alias("NameCluster"), Audited("model.name-cluster", Tells = "note")]
    Task<ModelInfo> NameCluster(ModelChange change, ClusterNote note, CancellationToken cancellation = default);
    /// <summary>
    /// Lets go of the parameters of versions that a policy does not keep. They stay listed with their training, and can be trained again to the same bits.
    /// </summary>
    /// <returns>A verdict on every version, oldest first.</returns>
    /// <exception cref="ClusteringException">Another change came first, or the policy keeps nothing.</exception>
    [Alias("Prune"), Audited("model.prune", Tells = "policy")]
    Task<ImmutableArray<RetentionVerdict>> Prune(ModelChange change, RetentionPolicy policy, CancellationToken cancellation = default);

    /// <summary>
    /// Takes a version away, or the whole model when 0, with its names, aliases and history. Numbers go on where they were: none is given twice, so that what
    /// was said of a version is never taken for another one's.
    /// </summary>
    /// <param name="change">The change.</param>
    /// <param name="version">The version; 0: all.</param>
    /// <param name="force">Whether it goes although an alias, a route, a retraining or another version needs it.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>What needed it, and is lost with it: a line each.</returns>
    /// <exception cref="ClusteringException">Something needs it, another change came first, or there is no such version.</exception>
    [Alias("Delete"), Audited("model.delete", Tells = "version,force")]
    Task<ImmutableArray<string>> Delete(ModelChange change, int version, bool force, CancellationToken cancellation = default);
}

/// <summary>A trained result that is to become a version.</summary>
[GenerateSerializer, Immutable, Alias("oc.ModelPublication")]
public sealed record ModelPublication
{
    /// <summary>The training; its version and the clusters' stable ids are filled in by the model.</summary>
    [Id(0)] public required TrainingReport Report { get; init; }

    /// <summary>Content hash of the parameters' blob, which must be in the blob store already.</summary>
    [Id(1)] public required string Parameters { get; init; }

    /// <summary>The version to align with; 0: the champion where one is set, else the newest.</summary>
    [Id(2)] public int Parent { get; init; }

    /// <summary>Who asked for the training.</summary>
    [Id(3)] public string By { get; init; } = "";

    /// <summary>Content hash of the blob of anchor rows (<see cref="IModelGrain.Expects"/>); empty: none are brought.</summary>
    [Id(4)] public string Anchors { get; init; } = "";

    /// <summary>Whether it retrains the model, and so must be the one that may.</summary>
    [Id(5)] public bool Retrained { get; init; }

    /// <summary>What was measured for the model's policy; null: there was none.</summary>
    [Id(6)] public GateMeasures? Measures { get; init; }

    /// <summary>Content hash of the blob with the profile of the training rows; empty: none is brought.</summary>
    [Id(7)] public string Profile { get; init; } = "";

    /// <summary>Content hash of the blob with the fitted preparation of the rows; empty: they are not prepared.</summary>
    [Id(10)] public string Preparation { get; init; } = "";

    /// <summary>Least value of each column of the training rows; empty: not known.</summary>
    [Id(8)] public ImmutableArray<double> Minima { get; init; } = [];

    /// <summary>Greatest value of each column of the training rows; empty: not known.</summary>
    [Id(9)] public ImmutableArray<double> Maxima { get; init; } = [];

    /// <summary>Whether it becomes challenger where the policy would make it champion, because it is tried first.</summary>
    [Id(11)] public bool OnTrial { get; init; }
}

/// <summary>Which version a question is answered by.</summary>
[GenerateSerializer, Immutable, Alias("oc.ResolvedVersion")]
public sealed record ResolvedVersion
{
    [Id(0)] public required int Version { get; init; }

    /// <summary>Content hash of the parameters' blob.</summary>
    [Id(1)] public required string Parameters { get; init; }

    /// <summary>Content hash of the alignment's blob, which says the stable ids of the clusters; empty: cluster i has the id i.</summary>
    [Id(2)] public string Alignment { get; init; } = "";

    /// <summary>Content hash of the version's package, which says all of this and more; empty: it was published before there were packages.</summary>
    [Id(3)] public string Package { get; init; } = "";
}
