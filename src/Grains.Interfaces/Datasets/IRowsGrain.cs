using System.Collections.Immutable;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Datasets;

/// <summary>One reading of a dataset's rows; key: <c>tenant/reading-id</c>. It keeps the shard that was read last until it is closed or left alone.</summary>
[Alias("oc.IRowsGrain")]
public interface IRowsGrain : IGrainWithStringKey
{
    /// <summary>Rows of a shard from a given row on, as many as fit one message. A pure function of the query.</summary>
    /// <exception cref="ClusteringException">There is no such dataset, version, shard or column, or the shard cannot be read.</exception>
    [Alias("Read"), Audited("rows.read", Counted = true)]
    Task<DatasetRows> Read(RowsQuery query, CancellationToken cancellation = default);

    /// <summary>Looks whether a shard is what the version's manifest says: its length, its content hash, and its rows and columns.</summary>
    /// <returns>What is wrong, as a sentence; empty: nothing.</returns>
    /// <exception cref="ClusteringException">There is no such dataset, version or shard, or its manifest cannot be read.</exception>
    [Alias("Verify")]
    Task<string> Verify(string dataset, int version, int shard, CancellationToken cancellation = default);

    /// <summary>Looks for the next later version of a dataset that begins with all rows of one of its versions, which are compared to the bit.</summary>
    /// <exception cref="ClusteringException">There is no such version, or what it is compared with cannot be read.</exception>
    [Alias("Head")]
    Task<DatasetHead> Head(string dataset, int version, CancellationToken cancellation = default);

    /// <summary>Lets go of the shard.</summary>
    [Alias("Close")]
    Task Close(CancellationToken cancellation = default);
}

/// <summary>Which rows of a dataset are wanted.</summary>
[GenerateSerializer, Immutable, Alias("oc.RowsQuery")]
public sealed record RowsQuery
{
    [Id(0)] public required string Dataset { get; init; }

    /// <summary>From 1.</summary>
    [Id(1)] public required int Version { get; init; }

    [Id(2)] public required int Shard { get; init; }

    /// <summary>First row wanted, counted inside the shard. Past the last: the answer is empty.</summary>
    [Id(3)] public required int FirstRow { get; init; }

    /// <summary>Positions of the columns wanted, in this order, from 0.</summary>
    [Id(4)] public required ImmutableArray<int> Columns { get; init; }

    /// <summary>Whether rows that are stored sparse come without their zeros, in all their columns, whichever are named.</summary>
    [Id(5)] public bool Sparse { get; init; }
}

/// <summary>Some rows of a dataset.</summary>
[GenerateSerializer, Immutable, Alias("oc.DatasetRows")]
public sealed record DatasetRows
{
    [Id(0)] public required int Rows { get; init; }

    /// <summary>
    /// rows × columns values in the dataset's precision, row-major, little-endian; of sparse rows, when they were asked for so, what
    /// <see cref="ImportRows.Values"/> has of them.
    /// </summary>
    [Id(1)] public required ReadOnlyMemory<byte> Values { get; init; }

    /// <summary>One float64 a row, little-endian; empty when the dataset has no weights.</summary>
    [Id(2)] public ReadOnlyMemory<byte> Weights { get; init; }

    /// <summary>One id a row; empty when the dataset has no ids.</summary>
    [Id(3)] public ImmutableArray<string> Ids { get; init; } = [];

    /// <summary>Whether the values are without their zeros: builds that cannot do that send them all.</summary>
    [Id(4)] public bool Sparse { get; init; }
}
