using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.Randomness;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Worker;

/// <summary>Who arrives first: the rows of a block in an exponential race at the rates w·D.</summary>
/// <param name="reader">The rows.</param>
/// <param name="width">Vector width.</param>
internal sealed unsafe class RowRace(RowReader reader, SimdWidth width)
{
    /// <summary>Rows that are looked at with the same bar, and while there is none: all of those arrive in time.</summary>
    private const int ManyRows = 512;
    private const int FirstRows = 32;

    private readonly DrawKernel _kernel = DrawKernel.For(width);

    /// <summary>Offers the rows start … end − 1.</summary>
    /// <param name="draws">Names the random numbers.</param>
    /// <param name="frame">Says which weights count.</param>
    /// <param name="squared">D of each row of the block; empty: 1.</param>
    /// <param name="start">First row.</param>
    /// <param name="end">One past the last row.</param>
    /// <param name="ranks">Keeps those that arrive first.</param>
    public void Run(in Draws draws, ColumnFrame frame, ReadOnlySpan<double> squared, int start, int end, LeastRanks ranks)
    {
        int* taken = stackalloc int[ManyRows];
        ReadOnlySpan<double> weights = reader.Weights.Span;
        fixed (double* s = squared, w = weights)
        {
            int count;
            for (int first = start; first < end; first += count)
            {
                count = Math.Min(double.IsFinite(ranks.Latest) ? ManyRows : FirstRows, end - first);
                var rates = new DrawKernel.Rates(reader.FirstRow + first, count, s == null ? null : s + first, w == null ? null : w + first);
                int found = _kernel.Race(rates, draws, ranks.Latest, taken);
                for (int i = 0; i < found; i++)
                {
                    int row = first + taken[i];
                    if (frame.QuantizeWeight(w == null ? 1 : w[row]) > 0)
                        ranks.Offer(row, draws.ArrivalBy(reader.FirstRow + row, rates.At(taken[i]), ranks.Latest));
                }
            }
        }
    }
}
