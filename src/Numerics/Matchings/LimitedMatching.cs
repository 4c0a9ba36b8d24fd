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
    private readonly double _limit;
    private readonly int _columns;
    private readonly CandidateLists _lists;
    private readonly double[] _rowPrices;
    private readonly double[] _columnPrices;
    private readonly int[] _columnOfRow;
    private readonly int[] _rowOfColumn;
    private readonly double[] _matchedCost;
    private readonly ShortestPath _path;

    private LimitedMatching(IPairCosts costs, double limit, int candidates, IParallel parallel)
    {
        _limit = limit;
        _columns = costs.Columns;
        _lists = new CandidateLists(costs, limit, candidates, parallel);
        _rowPrices = new double[costs.Rows];
        _columnPrices = new double[_columns];
        _columnOfRow = new int[costs.Rows];
        _rowOfColumn = new int[_columns];
        _matchedCost = new double[costs.Rows];
        _path = new ShortestPath(_columns);
        Array.Fill(_columnOfRow, -1);
        Array.Fill(_rowOfColumn, -1);
    }

    /// <summary>Rows whose whole list of columns was needed for the proof.</summary>
    public int CompletedRows => _lists.Completed;

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
            if (solver._columnOfRow[row] >= 0)
                cost += solver._matchedCost[row];
        }

        solver.Matching = new Matching(solver._columnOfRow, solver._columns, cost, solver._rowPrices, solver._columnPrices);
        return solver;
    }

    /// <summary>Cost of the row's matched pair.</summary>
    /// <exception cref="ArgumentException">The row stays alone.</exception>
    public double PairCost(int row)
    {
        RequireMatched(row);
        return _matchedCost[row];
    }

    private void RequireMatched(int row)
    {
        if (_columnOfRow[row] < 0)
            throw new ArgumentException($"Row {row} is not matched.", nameof(row));
    }

    /// <summary>Where a row's list ends, an edge to all that it leaves out; of no interest from <paramref name="best"/> on.</summary>
    private void PushBound(int row, double at, double best)
    {
        double bound = at + Math.Max(0, _lists.Bounds[row] - _rowPrices[row]);
        if (!(bound < best))
            return;
        _path.SetRowDistance(row, at);
        _path.Push(bound, _columns + row);
    }

    /// <summary>Gives a new row its place: the shortest path from it to a free column or to some row's staying alone.</summary>
    private void Augment(int start)
    {
        _path.Clear();
        _rowPrices[start] = 0;
        End end = new(double.PositiveInfinity, -1, -1);
        Scan(start, 0, ref end);
        while (_path.TryPop(out double at, out int code) && at < end.Distance)
        {
            if (code >= _columns)
            {
                int list = code - _columns;
                _lists.Complete(list);
                ScanColumns(list, _path.RowDistance(list), ref end);
            }
            else if (_path.Settle(code, at))
            {
                Scan(_rowOfColumn[code], at, ref end);
            }
        }

        foreach ((int column, double at) in _path.Settled)
            _columnPrices[column] += at - end.Distance;
        foreach ((int row, double at) in _path.Rows)
            _rowPrices[row] += end.Distance - at;
        Shift(start, end);

        // A matched row's price follows from its pair, so rounding does not build up from path to path.
        foreach ((int row, _) in _path.Rows)
            _rowPrices[row] = _columnOfRow[row] >= 0 ? _matchedCost[row] - _columnPrices[_columnOfRow[row]] : _limit;
    }

    private void Shift(int start, End end)
    {
        int row = end.Row;
        int column = end.Column;
        while (true)
        {
            int previous = _columnOfRow[row];
            _columnOfRow[row] = column;
            if (column >= 0)
            {
                _rowOfColumn[column] = row;
                int k = _lists.Columns(row).IndexOf(column);
                _matchedCost[row] = _lists.Values(row)[k];
            }

            if (row == start)
                return;
            column = previous;
            row = _path.From(column);
        }
    }

    private void Scan(int row, double at, ref End end)
    {
        _path.Rows.Add((row, at));
        if (at + (_limit - _rowPrices[row]) < end.Distance)
            end = new(at + (_limit - _rowPrices[row]), row, -1);
        ScanColumns(row, at, ref end);
        PushBound(row, at, end.Distance);
    }

    private void ScanColumns(int row, double at, ref End end)
    {
        ReadOnlySpan<int> listed = _lists.Columns(row);
        ReadOnlySpan<double> values = _lists.Values(row);
        double price = _rowPrices[row];
        for (int k = 0; k < listed.Length && at + (values[k] - price) <= end.Distance; k++)
        {
            int j = listed[k];
            double offered = at + (values[k] - price - _columnPrices[j]);
            if (offered > end.Distance)
                continue;
            if (_rowOfColumn[j] >= 0)
                _path.Offer(j, offered, row);
            else if (offered < end.Distance || end.Column < 0 || j < end.Column)
                end = new(offered, row, j);
        }
    }

    /// <summary>Where a path may end: a free column, or −1: its row stays alone.</summary>
    private readonly record struct End(double Distance, int Row, int Column);
}
