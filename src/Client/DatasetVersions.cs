using System.Runtime.CompilerServices;
using OrleansCluster.Datasets;

namespace OrleansCluster.Client;

/// <summary>All versions of a dataset.</summary>
public static class DatasetVersions
{
    /// <summary>The versions from the first to one that is known, without those that were deleted or went to another name.</summary>
    /// <param name="datasets">Where they are.</param>
    /// <param name="newest">The last of them.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public static async IAsyncEnumerable<DatasetVersion> VersionsAsync(
        this IDatasetClient datasets, DatasetVersion newest, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(datasets);
        ArgumentNullException.ThrowIfNull(newest);
        for (int version = 1; version < newest.Version; version++)
        {
            if (await datasets.FindAsync(newest.Name, version, cancellation).ConfigureAwait(false) is { } found && found.Name == newest.Name)
                yield return found;
        }

        yield return newest;
    }
}
