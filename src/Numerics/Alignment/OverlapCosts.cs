using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Numerics.Matchings;

namespace OrleansCluster.Numerics.Alignment;

/// <summary>1 − |A ∩ B| / |A ∪ B| (Jaccard) by weight of anchor rows. Rows are the clusters of the new version, columns those of the old one.</summary>
/// <param name="anchors">Rows: clusters of the old version; columns: clusters of the new version.</param>
public sealed class OverlapCosts(ContingencyTable anchors) : IPairCosts
{
    private readonly ContingencyTable _byNew = anchors.Transpose();

    public int Rows => _byNew.Rows;

    public int Columns => _byNew.Columns;

    public void Row(int row, double limit, Span<double> costs)
    {
        costs.Fill(1);
        foreach (ContingencyCell cell in _byNew.Row(row))
            costs[cell.Column] = 1 - _byNew.Jaccard(cell);
    }
}
