namespace OrleansCluster.Numerics.Matchings;

/// <summary>The books of one Dijkstra search over columns: distances, where they came from, and a heap ordered by (distance, code).</summary>
internal sealed class ShortestPath(int columns)
{
    private readonly PriorityQueue<int, (double At, int Code)> _heap = new();
    private readonly double[] _distance = new double[columns];
    private readonly int[] _from = new int[columns];
    private readonly Dictionary<int, double> _rowDistance = [];

    // A column was offered, or settled, in the present search when its entry equals the search's number: nothing to reset.
    private readonly int[] _offered = new int[columns];
    private readonly int[] _settled = new int[columns];
    private int _search;

    /// <summary>Rows scanned and at which distance.</summary>
    public List<(int Row, double At)> Rows { get; } = [];

    /// <summary>Columns settled and at which distance.</summary>
    public List<(int Column, double At)> Settled { get; } = [];

    /// <summary>Begins a new search.</summary>
    public void Clear()
    {
        _heap.Clear();
        _rowDistance.Clear();
        Rows.Clear();
        Settled.Clear();
        _search++;
    }

    /// <summary>Tells of a way to a column, by a row; kept when it is the shortest so far.</summary>
    public void Offer(int column, double at, int row)
    {
        if (_settled[column] == _search || (_offered[column] == _search && !(at < _distance[column])))
            return;
        _offered[column] = _search;
        (_distance[column], _from[column]) = (at, row);
        _heap.Enqueue(column, (at, column));
    }

    public void Push(double at, int code) => _heap.Enqueue(code, (at, code));

    public bool TryPop(out double at, out int code)
    {
        bool any = _heap.TryDequeue(out code, out (double At, int Code) priority);
        at = priority.At;
        return any;
    }

    /// <summary>Settles a popped column; false when a shorter way settled it before.</summary>
    public bool Settle(int column, double at)
    {
        if (_settled[column] == _search)
            return false;
        _settled[column] = _search;
        Settled.Add((column, at));
        return true;
    }

    /// <summary>The row by which the column was reached.</summary>
    public int From(int column) => _from[column];

    public void SetRowDistance(int row, double at) => _rowDistance[row] = at;

    public double RowDistance(int row) => _rowDistance[row];
}
