using System.Collections.Immutable;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Datasets;

/// <summary>
/// What a dataset version holds: its columns, and its shards in row order. Two versions whose manifests have one content hash hold the same rows.
/// </summary>
public sealed record DatasetManifest
{
    /// <summary>What every row holds.</summary>
    public required RowSchema Schema { get; init; }

    /// <summary>One summary a value column, over all rows.</summary>
    public required ImmutableArray<ColumnSummary> Columns { get; init; }

    /// <summary>Of each column that is a category: the texts, each at the place that stands for it; empty where there are no categories.</summary>
    public ImmutableArray<ImmutableArray<string>> Categories { get; init; } = [];

    public required long Rows { get; init; }

    /// <summary>Compensated sum of the weights; the number of rows when there are none.</summary>
    public required double WeightTotal { get; init; }

    /// <summary>Greatest weight; 1 when there are none.</summary>
    public required double WeightMaximum { get; init; }

    /// <summary>Each but the last has <see cref="ShardFormat.RowsPerShard"/> rows.</summary>
    public required ImmutableArray<ShardEntry> Shards { get; init; }

    /// <summary>The columns with their types and categories.</summary>
    public ImmutableArray<RowColumn> RowColumns => [.. Schema.Columns.Select((name, column) =>
        new RowColumn(name, Schema.TypeOf(column)) { Categories = Categories.IsEmpty ? [] : Categories[column] })];

    /// <summary>Whether every column holds numbers and none is missing.</summary>
    public bool IsPlain => Schema.Types.All(type => type == ColumnType.Number) && Columns.All(column => column.Missing == 0);

    /// <summary>Bytes of all shards.</summary>
    public long Bytes => Shards.Sum(shard => shard.Bytes);

    /// <summary>Values that sparse rows have, at most: as many as the shards' bytes hold. Where rows have no ids, at most a dozen too many a shard.</summary>
    public long MostEntries
    {
        get
        {
            int perRow = sizeof(uint) + (Schema.WeightColumn is null ? 0 : sizeof(double));
            int perEntry = Numerics.Rows.SparseBlock.EntryBytesOf(Schema.Precision);
            return Shards.Sum(shard => Math.Max(0, shard.Bytes - (2 * ShardFormat.Alignment) - ((long)perRow * shard.Rows)) / perEntry);
        }
    }

    /// <summary>Position in the dataset version of the first row of shard <paramref name="shard"/>.</summary>
    public static long FirstRow(int shard) => (long)shard * ShardFormat.RowsPerShard;

    /// <summary>The canonical encoding: equal manifests give equal bytes.</summary>
    public byte[] Encode() => ManifestEncoding.Encode(this);

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="DataFormatException">The bytes are no manifest, or one of a newer version.</exception>
    public static DatasetManifest Decode(ReadOnlySpan<byte> bytes) => ManifestEncoding.Decode(bytes);
}

/// <summary>One shard of a dataset version.</summary>
/// <param name="Hash">Content hash of the shard file.</param>
/// <param name="Rows">1 to <see cref="ShardFormat.RowsPerShard"/>.</param>
/// <param name="Bytes">Length of the shard file.</param>
/// <param name="WeightTotal">Compensated sum of its weights; its rows when there are none.</param>
public sealed record ShardEntry(string Hash, int Rows, long Bytes, double WeightTotal);
