using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.KMeans.Worker;

/// <summary>Keeps the rows of least rank, at most so many; equal ranks go by row id.</summary>
/// <param name="limit">How many are kept, at least 1.</param>
internal sealed class LeastRanks(int limit)
{
    // A binary heap, the worst kept row on top.
    private (double Rank, int Row)[] _kept = new (double, int)[Math.Min(limit, 16)];

    /// <summary>How many rows are kept.</summary>
    public int Count { get; private set; }

    /// <summary>The greatest rank that may still be kept; +∞ while there is room.</summary>
    public double Latest { get; private set; } = double.PositiveInfinity;

    /// <summary>Rows must come in order of row index.</summary>
    public void Offer(int row, double rank)
    {
        if (Count < limit)
        {
            if (Count == _kept.Length)
                Array.Resize(ref _kept, (int)Math.Min(limit, 2L * Count));
            Rise(Count++, (rank, row));
        }
        else if (rank < Latest)
        {
            Sink((rank, row));
        }
        else
        {
            return;
        }

        if (Count == limit)
            Latest = _kept[0].Rank;
    }

    /// <summary>Forgets all rows.</summary>
    public void Clear() => (Count, Latest) = (0, double.PositiveInfinity);

    /// <summary>The rows in order of rank, then row id; nothing may be offered afterwards.</summary>
    public ReadOnlySpan<(double Rank, int Row)> Sorted()
    {
        Span<(double Rank, int Row)> rows = _kept.AsSpan(0, Count);
        rows.Sort(static (a, b) => Compare(a, b));
        return rows;
    }

    public IEnumerable<SelectedRow> Select(Func<int, double, SelectedRow> materialise)
        => _kept.Take(Count).Select(row => materialise(row.Row, row.Rank));

    private static int Compare((double Rank, int Row) a, (double Rank, int Row) b)
        => a.Rank < b.Rank ? -1 : a.Rank > b.Rank ? 1 : a.Row.CompareTo(b.Row);

    private void Rise(int place, (double Rank, int Row) row)
    {
        while (place > 0 && Compare(row, _kept[(place - 1) / 2]) > 0)
        {
            _kept[place] = _kept[(place - 1) / 2];
            place = (place - 1) / 2;
        }

        _kept[place] = row;
    }

    /// <summary>Puts a row in the place of the worst.</summary>
    private void Sink((double Rank, int Row) row)
    {
        int place = 0;
        for (int child = 1; child < Count; child = (2 * place) + 1)
        {
            if (child + 1 < Count && Compare(_kept[child + 1], _kept[child]) > 0)
                child++;
            if (Compare(row, _kept[child]) >= 0)
                break;
            _kept[place] = _kept[child];
            place = child;
        }

        _kept[place] = row;
    }
}
