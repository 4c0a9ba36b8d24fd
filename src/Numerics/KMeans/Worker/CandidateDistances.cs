using System.Runtime.Intrinsics;

namespace OrleansCluster.Numerics.KMeans.Worker;

/// <summary>Canonical squared distances of a row to a few candidates at once: a candidate a lane, columns in order, so that the bits are those of <see cref="Distance"/>.</summary>
internal sealed class CandidateDistances
{
    private readonly double[] transposed;

    /// <param name="candidates">t × d, row-major.</param>
    /// <param name="columns">d.</param>
    public CandidateDistances(double[] candidates, int columns)
    {
        Count = candidates.Length / columns;
        Lanes = (Count + 7) / 8 * 8;
        transposed = new double[columns * Lanes];
        for (int c = 0; c < Count; c++)
        {
            for (int j = 0; j < columns; j++)
                transposed[(j * Lanes) + c] = candidates[(c * columns) + j];
        }
    }

    public int Count { get; }

    /// <summary>Room that <see cref="Squared"/> needs: the count, rounded up to whole vectors.</summary>
    public int Lanes { get; }

    /// <summary>D of <paramref name="row"/> to each candidate.</summary>
    /// <param name="row">d values.</param>
    /// <param name="squared">Out: length ≥ <see cref="Lanes"/>; what lies beyond the count has no meaning.</param>
    public void Squared(ReadOnlySpan<double> row, Span<double> squared)
    {
        // Two sums at a time: one alone would wait for itself at every column.
        for (int lane = 0; lane < Lanes; lane += 8)
        {
            Vector256<double> low = Vector256<double>.Zero;
            Vector256<double> high = Vector256<double>.Zero;
            ReadOnlySpan<double> values = transposed.AsSpan(lane);
            for (int j = 0; j < row.Length; j++)
            {
                Vector256<double> value = Vector256.Create(row[j]);
                Vector256<double> first = value - Vector256.Create(values);
                Vector256<double> second = value - Vector256.Create(values[4..]);
                low = Vector256.FusedMultiplyAdd(first, first, low);
                high = Vector256.FusedMultiplyAdd(second, second, high);
                values = values[Math.Min(Lanes, values.Length)..];
            }

            low.CopyTo(squared[lane..]);
            high.CopyTo(squared[(lane + 4)..]);
        }
    }
}
