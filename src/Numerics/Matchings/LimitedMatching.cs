using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Numerics.Matchings;

/// <summary>
/// Exact minimum-cost matching where a row or column may also stay alone, at a price: the sum over matched pairs of
/// (cost − limit) is least. A pair that costs the limit or more is never matched. Made for thousands of rows: only each row's
/// cheapest columns are held, and the optimum over all pairs is proved by the dual prices.
/// </summary>
/// <remarks>
/// Successive shortest augmenting paths (Jonker and Volgenant 1987, section on sparse problems) with a heap. Staying alone is a
/// private column of cost <c>limit</c> for each row. Column prices are ≤ 0 and row prices ≤ limit, so a column that row i does
/// not list, being no cheaper than the row's bound bᵢ, has reduced cost ≥ bᵢ − uᵢ. The search treats that bound as an edge:
/// when it comes to it, the list is completed. What never was reached cannot be part of a cheaper matching.
/// Equal distances: lowest column first; a free column before staying alone; so the result is the same each time.
/// </remarks>
public sealed partial class LimitedMatching
{
    private readonly double limit;
    private readonly int columns;
    private readonly CandidateLists lists;
    private readonly double[] rowPrices;
    private readonly double[] columnPrices;
    private readonly int[] columnOfRow;
    private readonly int[] rowOfColumn;
    private readonly double[] matchedCost;
    private readonly ShortestPath path;

    private LimitedMatching(IPairCosts costs, double limit, int candidates, IParallel parallel)
    {
        this.limit = limit;
        columns = costs.Columns;
        lists = new CandidateLists(costs, limit, candidates, parallel);
        rowPrices = new double[costs.Rows];
        columnPrices = new double[columns];
        columnOfRow = new int[costs.Rows];
        rowOfColumn = new int[columns];
        matchedCost = new double[costs.Rows];
        path = new ShortestPath(columns);
        Array.Fill(columnOfRow, -1);
        Array.Fill(rowOfColumn, -1);
    }

    /// <summary>Rows whose whole list of columns was needed for the proof.</summary>
    public int CompletedRows => lists.Completed;

    /// <summary>The matching; its prices satisfy the bounds in the remarks of the class.</summary>
    public Matching Matching { get; private set; } = null!;

    /// <summary>Matches rows and columns.</summary>
    /// <param name="costs">What a pair costs, ≥ 0.</param>
    /// <param name="limit">Finite and &gt; 0: what leaving a row and a column alone costs together.</param>
    /// <param name="candidates">Columns held for each row at first, at least 1. Changes time and memory, never the least cost.</param>
    /// <param name="parallel">Where to compute the rows of costs.</param>
    /// <exception cref="ArgumentException">A cost is negative or NaN; the message names the pair.</exception>
    public static LimitedMatching Solve(IPairCosts costs, double limit, int candidates = 32, IParallel? parallel = null)
    {
        ArgumentNullException.ThrowIfNull(costs);
        if (!(limit > 0) || !double.IsFinite(limit))
            throw new ArgumentOutOfRangeException(nameof(limit), limit, "The limit must be finite and above 0.");
        ArgumentOutOfRangeException.ThrowIfLessThan(candidates, 1);
        LimitedMatching solver = new(costs, limit, candidates, parallel ?? Sequential.Instance);
        for (int row = 0; row < costs.Rows; row++)
            solver.Augment(row);
        double cost = 0;
        for (int row = 0; row < costs.Rows; row++)
        {
            if (solver.columnOfRow[row] >= 0)
                cost += solver.matchedCost[row];
        }

        solver.Matching = new Matching(solver.columnOfRow, solver.columns, cost, solver.rowPrices, solver.columnPrices);
        return solver;
    }

    /// <summary>Cost of the row's matched pair.</summary>
    /// <exception cref="ArgumentException">The row stays alone.</exception>
    public double PairCost(int row)
    {
        RequireMatched(row);
        return matchedCost[row];
    }

    private void RequireMatched(int row)
    {
        if (columnOfRow[row] < 0)
            throw new ArgumentException($"Row {row} is not matched.", nameof(row));
    }

    /// <summary>Where a row's list ends, an edge to all that it leaves out; of no interest from <paramref name="best"/> on.</summary>
    private void PushBound(int row, double at, double best)
    {
        double bound = at + Math.Max(0, lists.Bounds[row] - rowPrices[row]);
        if (!(bound < best))
            return;
        path.SetRowDistance(row, at);
        path.Push(bound, columns + row);
    }

    /// <summary>Gives a new row its place: the shortest path from it to a free column or to some row's staying alone.</summary>
    private void Augment(int start)
    {
        path.Clear();
        rowPrices[start] = 0;
        End end = new(double.PositiveInfinity, -1, -1);
        Scan(start, 0, ref end);
        while (path.TryPop(out double at, out int code) && at < end.Distance)
        {
            if (code >= columns)
            {
                int list = code - columns;
                lists.Complete(list);
                ScanColumns(list, path.RowDistance(list), ref end);
            }
            else if (path.Settle(code, at))
            {
                Scan(rowOfColumn[code], at, ref end);
            }
        }

        foreach ((int column, double at) in path.Settled)
            columnPrices[column] += at - end.Distance;
        foreach ((int row, double at) in path.Rows)
            rowPrices[row] += end.Distance - at;
        Shift(start, end);

        // A matched row's price follows from its pair, so rounding does not build up from path to path.
        foreach ((int row, _) in path.Rows)
            rowPrices[row] = columnOfRow[row] >= 0 ? matchedCost[row] - columnPrices[columnOfRow[row]] : limit;
    }

    private void Shift(int start, End end)
    {
        int row = end.Row;
        int column = end.Column;
        while (true)
        {
            int previous = columnOfRow[row];
            columnOfRow[row] = column;
            if (column >= 0)
            {
                rowOfColumn[column] = row;
                int k = lists.Columns(row).IndexOf(column);
                matchedCost[row] = lists.Values(row)[k];
            }

            if (row == start)
                return;
            column = previous;
            row = path.From(column);
        }
    }

    private void Scan(int row, double at, ref End end)
    {
        path.Rows.Add((row, at));
        if (at + (limit - rowPrices[row]) < end.Distance)
            end = new(at + (limit - rowPrices[row]), row, -1);
        ScanColumns(row, at, ref end);
        PushBound(row, at, end.Distance);
    }

    private void ScanColumns(int row, double at, ref End end)
    {
        ReadOnlySpan<int> listed = lists.Columns(row);
        ReadOnlySpan<double> values = lists.Values(row);
        double price = rowPrices[row];
        for (int k = 0; k < listed.Length && at + (values[k] - price) <= end.Distance; k++)
        {
            int j = listed[k];
            double offered = at + (values[k] - price - columnPrices[j]);
            if (offered > end.Distance)
                continue;
            if (rowOfColumn[j] >= 0)
                path.Offer(j, offered, row);
            else if (offered < end.Distance || end.Column < 0 || j < end.Column)
                end = new(offered, row, j);
        }
    }

    /// <summary>Where a path may end: a free column, or −1: its row stays alone.</summary>
    private readonly record struct End(double Distance, int Row, int Column);
}
