using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Statistics;

/// <summary>Counts distinct rows of weights that count, until there are enough. Not thread-safe.</summary>
/// <param name="enough">From so many on it counts no further, at least 1.</param>
/// <param name="sums">What sums in units of the greatest weight leave of a weight beside the greatest; null: all weights count.</param>
public sealed class DistinctRows(int enough, ColumnFrame? sums)
{
    private readonly HashSet<byte[]> _known = new(RowComparer.Instance);

    /// <summary>How many there are so far.</summary>
    public int Count => _known.Count;

    /// <summary>How many rows so far have a weight above 0 that does not count.</summary>
    public long Light { get; private set; }

    /// <summary>Whether there are enough.</summary>
    public bool Suffice => _known.Count >= enough;

    /// <summary>Looks at further rows.</summary>
    /// <returns>Whether there are enough.</returns>
    public bool Add(RowBlock rows)
    {
        ReadOnlySpan<double> weights = rows.Weights.Span;
        var values = new double[rows.Columns];
        for (int i = 0; i < rows.Rows && !Suffice; i++)
        {
            if (!weights.IsEmpty && sums?.QuantizeWeight(weights[i]) == 0)
            {
                Light += weights[i] > 0 ? 1 : 0;
                continue;
            }

            rows.CopyRow(i, values);
            // −0 and 0 are one value.
            for (int j = 0; j < values.Length; j++)
                values[j] += 0.0;
            _known.Add(MemoryMarshal.AsBytes<double>(values).ToArray());
        }

        return Suffice;
    }

    private sealed class RowComparer : IEqualityComparer<byte[]>
    {
        public static RowComparer Instance { get; } = new();

        public bool Equals(byte[]? x, byte[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(byte[] row)
        {
            var hash = default(HashCode);
            hash.AddBytes(row);
            return hash.ToHashCode();
        }
    }
}
