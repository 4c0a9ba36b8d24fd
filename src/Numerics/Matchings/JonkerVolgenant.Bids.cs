namespace OrleansCluster.Numerics.Matchings;

/// <summary>Prices by an auction, for matrices on which the reductions lead nowhere.</summary>
/// <remarks>
/// D. P. Bertsekas: The auction algorithm, Annals of Operations Research 14 (1988) 105–123, with ε-scaling: a free row takes its best column and lowers its
/// price below the second best by ε; the row so displaced goes next; ε falls from half the range of the costs. Where many rows want the same columns (costs i ·
/// j, say) the reductions leave nearly all rows free and every shortest path is long; after the auction few paths are left, and those are short.
/// Any prices of columns are feasible in a square matrix, so the auction is free to stop where it likes: it changes time, never the least cost.
/// </remarks>
internal sealed partial class JonkerVolgenant
{
    private const double Fall = 5;
    private const int MostBidsPerRow = 512;

    // Below the last ε prices differ from the best ones by less than this share of the costs' range in all.
    private const double Accuracy = 1.0 / (1 << 16);

    /// <summary>Sets prices by an auction; the rows are free afterwards. All costs are finite, and there are as many columns as rows.</summary>
    private void Bid(ReadOnlySpan<double> costs)
    {
        Array.Fill(ColumnOfRow, -1);
        Array.Fill(_rowOfColumn, -1);
        Array.Fill(ColumnPrices, 0);
        (double least, double greatest) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (double cost in costs)
            (least, greatest) = (Math.Min(least, cost), Math.Max(greatest, cost));
        double range = greatest - least;
        double magnitude = Math.Max(Math.Abs(least), Math.Abs(greatest));
        if (!(range > 0) || !double.IsFinite(range))
            return;
        // Steps that rounding swallows would not end a war of bids.
        double last = Math.Max(range * Accuracy / _rows, Math.BitIncrement(magnitude) - magnitude);
        long bids = (long)MostBidsPerRow * _rows;
        int[] free = new int[_rows];
        for (double epsilon = range / 2; bids > 0; epsilon = Math.Max(epsilon / Fall, last))
        {
            Array.Fill(_rowOfColumn, -1);
            int count = _rows;
            for (int k = 0; k < _rows; k++)
                free[k] = _rows - 1 - k;
            while (count > 0 && bids-- > 0)
            {
                int i = free[--count];
                TwoBest(costs.Slice(i * _columns, _columns), out double best, out int column, out double second, out _);
                ColumnPrices[column] -= second - best + epsilon;
                if (_rowOfColumn[column] >= 0)
                    free[count++] = _rowOfColumn[column];
                _rowOfColumn[column] = i;
            }

            if (epsilon <= last)
                break;
        }

        Array.Fill(_rowOfColumn, -1);
    }
}
