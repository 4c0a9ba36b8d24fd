using System.Buffers;
using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Numerics.Matchings;

/// <summary>
/// For each row its cheapest columns below the limit, and a bound under which no other column lies.
/// A list is completed when a search comes to that bound, so what was left out never changes a result.
/// </summary>
internal sealed class CandidateLists
{
    private const int RowsPerSlice = 64;

    private readonly IPairCosts _costs;
    private readonly double _limit;
    private readonly int[][] _columns;
    private readonly double[][] _values;

    public CandidateLists(IPairCosts costs, double limit, int perRow, IParallel parallel)
    {
        (_costs, _limit) = (costs, limit);
        _columns = new int[costs.Rows][];
        _values = new double[costs.Rows][];
        Bounds = new double[costs.Rows];
        int slices = (costs.Rows + RowsPerSlice - 1) / RowsPerSlice;
        parallel.For(slices, slice =>
        {
            int end = Math.Min(costs.Rows, (slice + 1) * RowsPerSlice);
            for (int row = slice * RowsPerSlice; row < end; row++)
                Fill(row, perRow);
        });
    }

    /// <summary>No column that a row does not list costs less than this and less than the limit; +∞: nothing below the limit is left out.</summary>
    public double[] Bounds { get; }

    /// <summary>How many rows had to be completed.</summary>
    public int Completed { get; private set; }

    /// <summary>The columns that a row lists, cheapest first.</summary>
    public ReadOnlySpan<int> Columns(int row) => _columns[row];

    /// <summary>Their costs, ascending.</summary>
    public ReadOnlySpan<double> Values(int row) => _values[row];

    /// <summary>Lists every column below the limit.</summary>
    public void Complete(int row)
    {
        Fill(row, int.MaxValue);
        Completed++;
    }

    private void Fill(int row, int most)
    {
        double[] buffer = ArrayPool<double>.Shared.Rent(_costs.Columns);
        try
        {
            Span<double> all = buffer.AsSpan(0, _costs.Columns);
            _costs.Row(row, _limit, all);
            int below = 0;
            for (int j = 0; j < all.Length; j++)
            {
                if (!(all[j] >= 0))
                    throw new ArgumentException($"The cost of row {row} with column {j} is {all[j]}; costs are at least 0.");
                if (all[j] < _limit)
                    below++;
            }

            int count = Math.Min(below, most);
            _columns[row] = new int[count];
            _values[row] = new double[count];
            Bounds[row] = double.PositiveInfinity;
            if (count == below)
                TakeAll(all, _columns[row], _values[row]);
            else
                Bounds[row] = TakeCheapest(all, _columns[row], _values[row]);
        }
        finally
        {
            ArrayPool<double>.Shared.Return(buffer);
        }
    }

    private void TakeAll(ReadOnlySpan<double> all, int[] indexes, double[] kept)
    {
        int at = 0;
        for (int j = 0; j < all.Length; j++)
        {
            if (all[j] < _limit)
                (indexes[at], kept[at++]) = (j, all[j]);
        }

        Array.Sort(kept, indexes);
    }

    /// <summary>Keeps the cheapest, lowest index first among equals; returns the least cost left out.</summary>
    private static double TakeCheapest(ReadOnlySpan<double> all, int[] indexes, double[] kept)
    {
        double leftOut = double.PositiveInfinity;
        int count = 0;
        for (int j = 0; j < all.Length; j++)
        {
            double value = all[j];
            if (count == kept.Length)
            {
                if (count == 0 || value >= kept[count - 1])
                {
                    leftOut = Math.Min(leftOut, value);
                    continue;
                }

                leftOut = Math.Min(leftOut, kept[--count]);
            }

            int at = count++;
            for (; at > 0 && kept[at - 1] > value; at--)
                (kept[at], indexes[at]) = (kept[at - 1], indexes[at - 1]);
            (kept[at], indexes[at]) = (value, j);
        }

        return leftOut;
    }
}
