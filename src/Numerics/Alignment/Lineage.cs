using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Numerics.Matchings;

namespace OrleansCluster.Numerics.Alignment;

/// <summary>Who came from whom, told by the anchor rows.</summary>
internal sealed class Lineage
{
    private readonly Matching _matching;

    // For each new cluster the old one that most of its rows were in, and for each old one where most of its rows are now; −1: none.
    private readonly (int Cluster, double Share)[] _parents;
    private readonly (int Cluster, double Share)[] _heirs;
    private readonly int[] _children;

    /// <param name="table">Anchor weight by old cluster (rows) and new cluster (columns), or null: nothing is known.</param>
    /// <param name="matching">Rows are new clusters, columns old ones.</param>
    /// <param name="majority">The share that must be exceeded.</param>
    public Lineage(ContingencyTable? table, Matching matching, double majority)
    {
        _matching = matching;
        _parents = new (int, double)[matching.ColumnOfRow.Length];
        _heirs = new (int, double)[matching.RowOfColumn.Length];
        _children = new int[_heirs.Length];
        Array.Fill(_parents, (-1, 0));
        Array.Fill(_heirs, (-1, 0));
        if (table is null)
            return;

        // At most one cluster can exceed half.
        foreach (ContingencyCell cell in table.Cells)
        {
            double ofNew = cell.Weight / table.ColumnTotals[cell.Column];
            double ofOld = cell.Weight / table.RowTotals[cell.Row];
            if (ofNew > majority)
            {
                _parents[cell.Column] = (cell.Row, ofNew);
                _children[cell.Row]++;
            }

            if (ofOld > majority)
                _heirs[cell.Row] = (cell.Column, ofOld);
        }
    }

    /// <summary>
    /// The old cluster that a new one was split from, or −1: its rows came mostly from one that continues elsewhere, or that died in several pieces.
    /// </summary>
    public (int Cluster, double Share) SplitFrom(int cluster)
    {
        (int parent, double share) = _parents[cluster];
        if (parent < 0 || _matching.RowOfColumn[parent] == cluster)
            return (-1, 0);
        bool elsewhere = _matching.RowOfColumn[parent] >= 0;
        return elsewhere || _children[parent] > 1 ? (parent, share) : (-1, 0);
    }

    /// <summary>The new cluster that most rows of an old one are in now, or −1.</summary>
    public (int Cluster, double Share) MergedInto(int cluster) => _heirs[cluster];
}
