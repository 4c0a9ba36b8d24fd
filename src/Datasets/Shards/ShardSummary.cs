using System.Collections.Immutable;

namespace OrleansCluster.Datasets;

/// <summary>A shard that was written, and what its rows hold.</summary>
/// <param name="Hash">Its content hash, under which the blob store has it.</param>
/// <param name="Rows">1 to <see cref="ShardFormat.RowsPerShard"/>.</param>
/// <param name="Bytes">Length of the file.</param>
/// <param name="Columns">One summary a value column.</param>
/// <param name="WeightTotal">Compensated sum of the weights; the number of rows when there are none.</param>
/// <param name="WeightMaximum">Greatest weight; 1 when there are none.</param>
public sealed record ShardSummary(
    string Hash, int Rows, long Bytes, ImmutableArray<ColumnSummary> Columns, double WeightTotal, double WeightMaximum);
