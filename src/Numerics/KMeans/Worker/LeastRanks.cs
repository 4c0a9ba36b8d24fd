using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.KMeans.Worker;

/// <summary>Keeps the rows of least rank, at most so many; equal ranks go by row id.</summary>
/// <param name="limit">How many are kept, at least 1.</param>
internal sealed class LeastRanks(int limit)
{
    // The worst kept row is on top: the queue gives the least of the reversed order.
    private readonly PriorityQueue<(int Row, double Rank), (double Rank, int Row)> kept
        = new(Comparer<(double Rank, int Row)>.Create(static (a, b) => b.CompareTo(a)));

    /// <summary>The greatest rank that may still be kept; +∞ while there is room.</summary>
    public double Latest { get; private set; } = double.PositiveInfinity;

    /// <summary>Rows must come in order of row index.</summary>
    public void Offer(int row, double rank)
    {
        if (kept.Count < limit)
            kept.Enqueue((row, rank), (rank, row));
        else if (rank < Latest)
            kept.EnqueueDequeue((row, rank), (rank, row));
        else
            return;
        if (kept.Count == limit)
            Latest = kept.Peek().Rank;
    }

    public IEnumerable<SelectedRow> Select(Func<int, double, SelectedRow> materialise)
        => kept.UnorderedItems.Select(item => materialise(item.Element.Row, item.Element.Rank));
}
