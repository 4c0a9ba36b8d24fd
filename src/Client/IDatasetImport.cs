using System.Collections.Immutable;
using OrleansCluster.Datasets;

namespace OrleansCluster.Client;

/// <summary>Rows on their way into a new version. Rows are in the schema's precision and column order.</summary>
public interface IDatasetImport : IAsyncDisposable
{
    /// <summary>
    /// Adds rows: row-major little-endian <paramref name="values"/>, sparse ones as <see cref="ImportRows.Values"/> says; one weight a row when the schema has
    /// a weight column; one id a row when it has an id column.
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
