using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>Whether the rows of one version are the first ones of another, to the bit: with ids, weights, columns and what categories stand for.</summary>
public static class VersionHead
{
    /// <summary>What the manifests tell: false is certain; true leaves the last shard of the first version to be compared (<see cref="IsHead"/>).</summary>
    /// <param name="first">The version whose rows may be the first ones.</param>
    /// <param name="whole">The version that may begin with them.</param>
    public static bool MayBe(DatasetManifest first, DatasetManifest whole)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(whole);
        RowSchema a = first.Schema, b = whole.Schema;
        if (first.Rows > whole.Rows || !a.Columns.SequenceEqual(b.Columns) || a.Precision != b.Precision || a.IdColumn != b.IdColumn
            || a.WeightColumn != b.WeightColumn || a.IsSparse != b.IsSparse)
            return false;
        for (int column = 0; column < a.Columns.Length; column++)
        {
            if (a.TypeOf(column) != b.TypeOf(column))
                return false;
            if (first.Categories.IsEmpty || first.Categories[column].IsEmpty)
                continue;
            if (whole.Categories.IsEmpty || !whole.Categories[column].Take(first.Categories[column].Length).SequenceEqual(first.Categories[column]))
                return false;
        }

        int last = first.Shards.Length - 1;
        return first.Shards.Take(last).Select(shard => shard.Hash).SequenceEqual(whole.Shards.Take(last).Select(shard => shard.Hash));
    }

    /// <summary>Whether the rows of a shard are the first ones of another.</summary>
    /// <param name="first">File of the shard whose rows may be the first ones.</param>
    /// <param name="whole">File of the shard that may begin with them.</param>
    /// <exception cref="DataFormatException">One of them is damaged.</exception>
    /// <exception cref="IOException">One of them cannot be read.</exception>
    public static bool IsHead(string first, string whole)
    {
        using var a = MappedShard.Open(first);
        using var b = MappedShard.Open(whole);
        return a.Count <= b.Count && a.Columns == b.Columns && a.Precision == b.Precision && a.HasIds == b.HasIds && a.Weights.IsEmpty == b.Weights.IsEmpty
            && Bits(b.Weights).StartsWith(Bits(a.Weights)) && (a.Sparse, b.Sparse) switch
            {
                (null, null) => Bits(b.Rows.Float64).StartsWith(Bits(a.Rows.Float64))
                    && MemoryMarshal.Cast<float, int>(b.Rows.Float32.Span).StartsWith(MemoryMarshal.Cast<float, int>(a.Rows.Float32.Span)),
                ({ } few, { } more) => more.Offsets.Span.StartsWith(few.Offsets.Span) && more.Entries.Span.StartsWith(few.Entries.Span[..EntryBytes(few)]),
                _ => false,
            } && (!a.HasIds || Enumerable.Range(0, a.Count).All(row => a.Id(row) == b.Id(row)));
    }

    private static int EntryBytes(SparseBlock rows) => checked((int)(rows.Offsets.Span[^1] * SparseBlock.EntryBytesOf(rows.Precision)));

    /// <summary>As they are stored: NaN is as NaN, and −0 is not 0.</summary>
    private static ReadOnlySpan<long> Bits(ReadOnlyMemory<double> values) => MemoryMarshal.Cast<double, long>(values.Span);
}
