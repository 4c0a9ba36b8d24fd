using System.Collections.Immutable;
using Orleans.Concurrency;

namespace OrleansCluster.Datasets;

/// <summary>
/// One import under way; key: <c>tenant/import-id</c>. It lives in memory only: an import that is abandoned, or whose process ends,
/// leaves nothing but blobs that no version names.
/// </summary>
[Alias("oc.IImportGrain")]
public interface IImportGrain : IGrainWithStringKey
{
    /// <summary>Begins; asking again with the same schema before the first rows does nothing.</summary>
    [Alias("Begin")]
    Task Begin(DatasetSchema schema, CancellationToken cancellation = default);

    /// <summary>
    /// Adds rows. A message that was taken already (same sequence number) is acknowledged and not added again. Several may be under way, see
    /// <see cref="WireLimits.PiecesInFlight"/>: they are added in the order of their numbers.
    /// </summary>
    [Alias("Append"), AlwaysInterleave]
    Task Append(ImportRows rows, CancellationToken cancellation = default);

    /// <summary>
    /// Adds the rows of a shard of an earlier version of the dataset, before any other rows. Shards come in their order; one that was taken is acknowledged.
    /// The commit is then refused if another version was made meanwhile.
    /// </summary>
    /// <exception cref="ClusteringException">There is no such version or shard, it holds other columns, or it is damaged.</exception>
    [Alias("Continue")]
    Task Continue(int version, int shard, CancellationToken cancellation = default);

    /// <summary>Says what values of a category stand for, any time before the commit. Saying the same again changes nothing.</summary>
    [Alias("AddCategories")]
    Task AddCategories(ImportCategories categories, CancellationToken cancellation = default);

    /// <summary>Says what was expected of the rows and how they were, any time before the commit. It is kept with the version.</summary>
    [Alias("Expect")]
    Task Expect(ImmutableArray<ExpectationResult> expectations, CancellationToken cancellation = default);

    /// <summary>Publishes the version; asking again answers the same version.</summary>
    [Alias("Commit")]
    Task<DatasetVersion> Commit(CancellationToken cancellation = default);

    /// <summary>Forgets everything that was appended; does nothing after a commit.</summary>
    [Alias("Abort")]
    Task Abort(CancellationToken cancellation = default);
}

/// <summary>Some texts of a column of categories.</summary>
[GenerateSerializer, Immutable, Alias("oc.ImportCategories")]
public sealed record ImportCategories
{
    /// <summary>Position of the column.</summary>
    [Id(0)] public required int Column { get; init; }

    /// <summary>The value that the first text is for; the others are for those that follow.</summary>
    [Id(1)] public required int First { get; init; }

    [Id(2)] public required ImmutableArray<string> Texts { get; init; }
}

/// <summary>Some rows of an import, at most <see cref="WireLimits.PieceBytes"/> of values unless a row is longer.</summary>
[GenerateSerializer, Immutable, Alias("oc.ImportRows")]
public sealed record ImportRows
{
    /// <summary>Position of this message in the import, from 0 without gaps.</summary>
    [Id(0)] public required long Sequence { get; init; }

    /// <summary>
    /// Row-major little-endian values in the schema's precision and column order. Sparse rows: of each, how many entries it has (uint32), their columns
    /// (uint32, strictly ascending) and their values, none of them 0.
    /// </summary>
    [Id(1)] public required ReadOnlyMemory<byte> Values { get; init; }

    /// <summary>One float64 a row, little-endian, when the schema has a weight column; else empty.</summary>
    [Id(2)] public ReadOnlyMemory<byte> Weights { get; init; }

    /// <summary>One id a row when the schema has an id column; else empty.</summary>
    [Id(3)] public ImmutableArray<string> Ids { get; init; } = [];
}
