namespace OrleansCluster.Numerics.Matchings;

/// <summary>
/// Shortest augmenting paths with the reductions of Jonker and Volgenant (1987), for rows ≤ columns.
/// Only columns carry prices v; a matched row's price is cost − v, so rounding does not build up along paths.
/// </summary>
/// <remarks>
/// With more columns than rows a column left over must have the price 0 and no price may exceed it; the column reduction
/// would break that, so it runs on square matrices only. The other steps only lower prices of columns that stay matched.
/// </remarks>
internal sealed partial class JonkerVolgenant
{
    private readonly int _rows;
    private readonly int _columns;
    private readonly int[] _rowOfColumn;
    private readonly double[] _matchedCost;

    // Of the path under way: distance (NaN once scanned) and the row it came from, kept as a double so that lanes agree.
    private readonly double[] _distance;
    private readonly double[] _from;

    // 0 for a column without a row, NaN for one with: adding it hides matched columns from a search.
    private readonly double[] _open;

    public JonkerVolgenant(int rows, int columns)
    {
        (_rows, _columns) = (rows, columns);
        ColumnOfRow = new int[rows];
        _rowOfColumn = new int[columns];
        _matchedCost = new double[rows];
        ColumnPrices = new double[columns];
        _distance = new double[columns];
        _from = new double[columns];
        _open = new double[columns];
        Array.Fill(ColumnOfRow, -1);
        Array.Fill(_rowOfColumn, -1);
    }

    /// <summary>Set to try the plain loops where vectors would be used: same results.</summary>
    internal bool Scalar { get; init; }

    /// <summary>Rows from which on an auction is worth its while.</summary>
    internal int LeastRowsToBid { get; init; } = 256;

    /// <summary>The share of rows that may be free after the reductions without an auction; −1: there always is one.</summary>
    internal double MostFree { get; init; } = 0.5;

    /// <summary>Scans of rows, on average over all of them, after which shortest paths are given up for an auction.</summary>
    internal int MostScansPerRow { get; init; } = 128;

    /// <summary>How often a row of costs was looked at, after the column reduction.</summary>
    internal long Scans { get; private set; }

    /// <summary>Whether prices came from an auction.</summary>
    internal bool HasBid { get; private set; }

    public int[] ColumnOfRow { get; }

    public double[] ColumnPrices { get; }

    /// <summary>Prices of the matched rows; 0 for the others.</summary>
    public double[] RowPrices()
    {
        double[] prices = new double[_rows];
        for (int i = 0; i < _rows; i++)
        {
            if (ColumnOfRow[i] >= 0)
                prices[i] = _matchedCost[i] - ColumnPrices[ColumnOfRow[i]];
        }

        return prices;
    }

    /// <summary>
    /// Matches the rows and returns how many could not be, however the others are matched. Null: given up, as prices from an auction would be needed, which
    /// are for square matrices.
    /// </summary>
    public int? Solve(ReadOnlySpan<double> costs)
    {
        int[] free = new int[_rows];
        int count = ReduceRows(costs, free, _rows == _columns ? ReduceColumns(costs, free) : All(free));
        // A matrix that is far from square is not made so.
        bool mayBid = _rows >= LeastRowsToBid && _columns <= 2L * _rows && !costs.Contains(double.PositiveInfinity);
        if (!mayBid)
            return Augment(costs, free, count, long.MaxValue);
        // Where most rows are still free, or paths turn out to be long, prices are far from the best ones.
        if (count <= _rows * MostFree && Augment(costs, free, count, (long)MostScansPerRow * _rows) is { } stuck)
            return stuck;
        if (_rows < _columns)
            return null;
        HasBid = true;
        Bid(costs);
        return Augment(costs, free, ReduceRows(costs, free, All(free)), long.MaxValue);
    }

    /// <summary>
    /// Makes prices those of the first rows alone, where the others were added and cost nothing in any column: a column that is then left over is free.
    /// </summary>
    public void Leave(int first)
    {
        double free = ColumnPrices.Max();
        for (int j = 0; j < _columns; j++)
            ColumnPrices[j] = _rowOfColumn[j] >= first ? 0 : Math.Min(0, ColumnPrices[j] - free);
    }

    private int All(int[] free)
    {
        for (int i = 0; i < _rows; i++)
            free[i] = i;
        return _rows;
    }

    /// <summary>Each column's least cost becomes its price; a row that is least in one column takes it, and pays its next best by that price.</summary>
    private int ReduceColumns(ReadOnlySpan<double> costs, int[] free)
    {
        int[] least = new int[_columns];
        costs[.._columns].CopyTo(ColumnPrices);
        for (int i = 1; i < _rows; i++)
        {
            ReadOnlySpan<double> row = costs.Slice(i * _columns, _columns);
            for (int j = 0; j < _columns; j++)
            {
                if (row[j] < ColumnPrices[j])
                    (ColumnPrices[j], least[j]) = (row[j], i);
            }
        }

        int[] leastIn = new int[_rows];
        for (int j = _columns - 1; j >= 0; j--)
        {
            if (double.IsPositiveInfinity(ColumnPrices[j]))
            {
                ColumnPrices[j] = 0;
                continue;
            }

            leastIn[least[j]]++;
            // Descending columns: the lowest one is the row's in the end.
            if (ColumnOfRow[least[j]] >= 0)
                _rowOfColumn[ColumnOfRow[least[j]]] = -1;
            Match(costs, least[j], j);
        }

        int count = 0;
        for (int i = 0; i < _rows; i++)
        {
            if (leastIn[i] == 0)
            {
                free[count++] = i;
            }
            else if (leastIn[i] == 1)
            {
                int own = ColumnOfRow[i];
                ReadOnlySpan<double> row = costs.Slice(i * _columns, _columns);
                double next = double.PositiveInfinity;
                for (int j = 0; j < _columns; j++)
                {
                    if (j != own && row[j] - ColumnPrices[j] < next)
                        next = row[j] - ColumnPrices[j];
                }

                double slack = next - (row[own] - ColumnPrices[own]);
                if (double.IsFinite(slack) && slack > 0)
                    ColumnPrices[own] -= slack;
            }
        }

        return count;
    }

    /// <summary>
    /// Each free row takes its best column, whose price falls until the second best is as good; a row so displaced goes next. Twice.
    /// Leaves in <paramref name="free"/> the rows still without a column and returns their number.
    /// </summary>
    private int ReduceRows(ReadOnlySpan<double> costs, int[] free, int count)
    {
        for (int pass = 0; pass < 2 && count > 0; pass++)
            count = ReduceRowsOnce(costs, free, count);
        return count;
    }

    private int ReduceRowsOnce(ReadOnlySpan<double> costs, int[] free, int count)
    {
        int left = 0;
        int at = 0;
        // Bidding wars between rows end by price, but with tiny steps; what is left is for the shortest paths.
        long steps = 8L * _rows;
        while (at < count)
        {
            int i = free[at++];
            TwoBest(costs.Slice(i * _columns, _columns), out double best, out int bestAt, out double second, out int secondAt);
            if (secondAt < 0)
            {
                // One allowed column at most: any finite fall of its price would be arbitrary.
                free[left++] = i;
                continue;
            }

            int column = bestAt;
            double lowered = ColumnPrices[column] - (second - best);
            bool lowers = lowered < ColumnPrices[column];
            if (lowers)
                ColumnPrices[column] = lowered;
            else if (best == second && _rowOfColumn[column] >= 0)
                column = secondAt;

            int displaced = _rowOfColumn[column];
            Match(costs, i, column);
            if (displaced < 0)
                continue;
            ColumnOfRow[displaced] = -1;
            if (lowers && --steps > 0)
                free[--at] = displaced;
            else
                free[left++] = displaced;
        }

        return left;
    }

    /// <summary>Gives the free rows their columns, path by path. Returns how many stay without one; null: given up after so many scans of a row.</summary>
    private int? Augment(ReadOnlySpan<double> costs, ReadOnlySpan<int> free, int count, long mostScans)
    {
        for (int j = 0; j < _columns; j++)
            _open[j] = _rowOfColumn[j] < 0 ? 0 : double.NaN;
        int stuck = 0;
        long most = mostScans == long.MaxValue ? mostScans : Scans + mostScans;
        foreach (int i in free[..count])
        {
            if (Scans > most)
                return null;
            if (!Augment(costs, i))
                stuck++;
        }

        return stuck;
    }

    /// <summary>Extends the matching by the shortest alternating path (Dijkstra on reduced costs) from a free row to a free column.</summary>
    /// <returns>False when no allowed path exists.</returns>
    private bool Augment(ReadOnlySpan<double> costs, int start)
    {
        Array.Fill(_distance, double.PositiveInfinity);
        List<(int Column, double Distance)> scanned = [];
        int i = start;
        double offset = 0;
        double reached;
        int end;
        while (true)
        {
            Scans++;
            Relax(costs.Slice(i * _columns, _columns), offset, i, out double nearest, out int nearestAt, out double free, out int freeAt);
            if (freeAt >= 0 && free <= nearest)
            {
                (reached, end) = (free, freeAt);
                break;
            }

            if (nearestAt < 0)
                return false;
            scanned.Add((nearestAt, nearest));
            _distance[nearestAt] = double.NaN;
            i = _rowOfColumn[nearestAt];
            offset = _matchedCost[i] - ColumnPrices[nearestAt] - nearest;
        }

        foreach ((int column, double at) in scanned)
            ColumnPrices[column] += at - reached;

        _open[end] = double.NaN;
        int j = end;
        while (true)
        {
            int row = (int)_from[j];
            int previous = ColumnOfRow[row];
            Match(costs, row, j);
            if (row == start)
                return true;
            j = previous;
        }
    }

    private void Match(ReadOnlySpan<double> costs, int row, int column)
    {
        ColumnOfRow[row] = column;
        _rowOfColumn[column] = row;
        _matchedCost[row] = costs[(row * _columns) + column];
    }
}
