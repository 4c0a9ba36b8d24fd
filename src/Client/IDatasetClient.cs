using System.Collections.Immutable;
using OrleansCluster.Datasets;

namespace OrleansCluster.Client;

/// <summary>Datasets: rows in, versions out.</summary>
public interface IDatasetClient
{
    /// <summary>An import of a name that whoever asks has chosen, message by message.</summary>
    /// <exception cref="ClusteringException">The name is not allowed.</exception>
    IImportSession Session(string import);

    /// <summary>The rows of a version that is stored sparse, in order and without their zeros, as <see cref="ImportRows.Values"/> has them.</summary>
    /// <exception cref="ClusteringException">They are stored with their zeros.</exception>
    IAsyncEnumerable<DatasetRows> ReadSparseAsync(DatasetVersion dataset, CancellationToken cancellation = default) =>
        throw Absences.OfCare();

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
    /// Lets go of the versions whose rows are all the first ones of a later version, as appending leaves them, and which nothing needs. No row is lost, and
    /// no version that stays changes; room becomes free when storage is collected.
    /// </summary>
    /// <param name="name">The dataset.</param>
    /// <param name="dryRun">Only say what would go.</param>
    /// <param name="cancellation">Gives up; what went by then went as a whole.</param>
    /// <exception cref="ClusteringException">There is no such dataset, a shard is damaged, or a version was deleted meanwhile.</exception>
    Task<DatasetCompaction> CompactAsync(string name, bool dryRun = false, CancellationToken cancellation = default) =>
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
