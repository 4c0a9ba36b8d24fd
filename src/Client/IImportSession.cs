using System.Collections.Immutable;
using OrleansCluster.Datasets;

namespace OrleansCluster.Client;

/// <summary>
/// One import under way, message by message: what <see cref="IDatasetClient.ImportAsync"/> stands on, for those who pass messages on. Every message may be sent
/// again.
/// </summary>
public interface IImportSession
{
    /// <summary>Begins; the same schema again before the first rows does nothing.</summary>
    /// <exception cref="ClusteringException">The rows cannot be taken in.</exception>
    Task BeginAsync(DatasetSchema schema, CancellationToken cancellation = default);

    /// <summary>Adds rows. Those of a sequence number that was taken are not added again.</summary>
    Task AppendAsync(ImportRows rows, CancellationToken cancellation = default);

    /// <summary>Adds the rows of a shard of an earlier version, before any other rows.</summary>
    /// <exception cref="ClusteringException">There is no such version or shard, it holds other columns, or it is damaged.</exception>
    Task ContinueAsync(int version, int shard, CancellationToken cancellation = default);

    /// <summary>Says what values of a category stand for.</summary>
    Task AddCategoriesAsync(ImportCategories categories, CancellationToken cancellation = default);

    /// <summary>Says what was expected of the rows and how they were.</summary>
    Task ExpectAsync(ImmutableArray<ExpectationResult> expectations, CancellationToken cancellation = default);

    /// <summary>Publishes the version; asking again answers the same.</summary>
    Task<DatasetVersion> CommitAsync(CancellationToken cancellation = default);

    /// <summary>Forgets everything, unless it was committed.</summary>
    Task AbortAsync();
}

/// <summary>One import, over its grain.</summary>
internal sealed class ImportSession(IImportGrain import) : IImportSession
{
    public Task BeginAsync(DatasetSchema schema, CancellationToken cancellation = default) =>
        Calls.Ask(() => import.Begin(schema, cancellation), cancellation);

    public Task AppendAsync(ImportRows rows, CancellationToken cancellation = default) =>
        Calls.Ask(() => import.Append(rows, cancellation), cancellation);

    public Task ContinueAsync(int version, int shard, CancellationToken cancellation = default) =>
        Calls.Ask(() => import.Continue(version, shard, cancellation), cancellation);

    public Task AddCategoriesAsync(ImportCategories categories, CancellationToken cancellation = default) =>
        Calls.Ask(() => import.AddCategories(categories, cancellation), cancellation);

    public Task ExpectAsync(ImmutableArray<ExpectationResult> expectations, CancellationToken cancellation = default) =>
        Calls.Ask(() => import.Expect(expectations, cancellation), cancellation);

    public Task<DatasetVersion> CommitAsync(CancellationToken cancellation = default) =>
        Calls.Ask(() => import.Commit(cancellation), cancellation);

    public async Task AbortAsync()
    {
        try
        {
            await import.Abort().ConfigureAwait(false);
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or ObjectDisposedException)
        {
            // The session cannot be reached; it ends by itself, and what led here is the failure to report.
        }
    }
}
