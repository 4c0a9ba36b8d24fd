namespace OrleansCluster.Numerics.Matchings;

/// <summary>Exact minimum-cost matching in a dense, rectangular cost matrix.</summary>
public static class MinimumCostMatching
{
    /// <summary>
    /// Matches as many rows with columns as the allowed pairs permit (without forbidden pairs: min(rows, columns)) and,
    /// among those matchings, one of least total cost.
    /// </summary>
    /// <remarks>
    /// R. Jonker, A. Volgenant: A shortest augmenting path algorithm for dense and sparse linear assignment problems,
    /// Computing 38 (1987) 325–340. Rows are taken in index order and equal distances go to an unmatched column first, then to
    /// the lowest index, so among equally cheap matchings the same one is found each time, on any processor. Where the paths would be long, prices come from an
    /// auction first. Time O(min² · max), memory beside the matrix O(rows + columns); more rows than columns cost one transposed copy, long paths in a matrix
    /// that is not square a square one.
    /// </remarks>
    /// <param name="costs">Row-major, rows × columns. +∞ forbids a pair; negative costs are allowed.</param>
    /// <param name="rows">Number of rows, at least 0.</param>
    /// <param name="columns">Number of columns, at least 0.</param>
    /// <exception cref="ArgumentException">The length is not rows × columns, or a cost is NaN or −∞; the message names the pair.</exception>
    public static Matching Solve(ReadOnlySpan<double> costs, int rows, int columns)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (costs.Length != (long)rows * columns)
            throw new ArgumentException($"{costs.Length} costs for {rows} rows × {columns} columns.", nameof(costs));
        for (int at = 0; at < costs.Length; at++)
        {
            if (double.IsNaN(costs[at]) || double.IsNegativeInfinity(costs[at]))
                throw new ArgumentException(
                    $"The cost of row {at / columns} with column {at % columns} is {costs[at]}; a cost is a number, or +∞ to forbid the pair.", nameof(costs));
        }

        if (rows <= columns)
        {
            JonkerVolgenant solved = SolveWide(costs, rows, columns);
            return Result(costs, rows, columns, solved.ColumnOfRow, solved.RowPrices(), solved.ColumnPrices);
        }

        double[] transposed = new double[costs.Length];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
                transposed[(j * rows) + i] = costs[(i * columns) + j];
        }

        JonkerVolgenant turned = SolveWide(transposed, columns, rows);
        int[] columnOfRow = new int[rows];
        Array.Fill(columnOfRow, -1);
        for (int j = 0; j < columns; j++)
        {
            if (turned.ColumnOfRow[j] is >= 0 and var i && i < rows)
                columnOfRow[i] = j;
        }

        return Result(costs, rows, columns, columnOfRow, turned.ColumnPrices, turned.RowPrices());
    }

    /// <summary>Solves a matrix that is at least as wide as high; columns from <paramref name="columns"/> on mean: no column.</summary>
    private static JonkerVolgenant SolveWide(ReadOnlySpan<double> costs, int rows, int columns)
    {
        JonkerVolgenant first = new(rows, columns);
        if (first.Solve(costs) is not { } stuck)
        {
            // Rows that cost nothing wherever they go make the matrix square.
            double[] squared = new double[(long)columns * columns];
            costs.CopyTo(squared);
            JonkerVolgenant square = new(columns, columns);
            square.Solve(squared);
            square.Leave(rows);
            return square;
        }

        if (stuck == 0)
            return first;

        // Forbidden pairs leave `stuck` rows without a column, whichever rows those are. As many columns that cost nothing
        // let the solver choose them: real pairs cannot exceed rows − stuck, so every added column is used.
        int wider = columns + stuck;
        double[] widened = new double[(long)rows * wider];
        for (int i = 0; i < rows; i++)
            costs.Slice(i * columns, columns).CopyTo(widened.AsSpan(i * wider, columns));
        JonkerVolgenant second = new(rows, wider);
        second.Solve(widened);
        return second;
    }

    private static Matching Result(ReadOnlySpan<double> costs, int rows, int columns, int[] columnOfRow, double[] rowPrices, double[] columnPrices)
    {
        double cost = 0;
        int[] matched = new int[rows];
        for (int i = 0; i < rows; i++)
        {
            matched[i] = columnOfRow[i] < columns ? columnOfRow[i] : -1;
            if (matched[i] >= 0)
                cost += costs[(i * columns) + matched[i]];
        }

        return new Matching(matched, columns, cost, rowPrices[..rows], columnPrices[..columns]);
    }
}
