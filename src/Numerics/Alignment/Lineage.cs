using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Numerics.Matchings;

namespace OrleansCluster.Numerics.Alignment;

/// <summary>Who came from whom, told by the anchor rows.</summary>
internal sealed class Lineage
{
    private readonly Matching matching;

    // For each new cluster the old one that most of its rows were in, and for each old one where most of its rows are now; −1: none.
    private readonly (int Cluster, double Share)[] parents;
    private readonly (int Cluster, double Share)[] heirs;
    private readonly int[] children;

    /// <param name="table">Anchor weight by old cluster (rows) and new cluster (columns), or null: nothing is known.</param>
    /// <param name="matching">Rows are new clusters, columns old ones.</param>
    /// <param name="majority">The share that must be exceeded.</param>
    public Lineage(ContingencyTable? table, Matching matching, double majority)
    {
        this.matching = matching;
        parents = new (int, double)[matching.ColumnOfRow.Length];
        heirs = new (int, double)[matching.RowOfColumn.Length];
        children = new int[heirs.Length];
        Array.Fill(parents, (-1, 0));
        Array.Fill(heirs, (-1, 0));
        if (table is null)
            return;

        // At most one cluster can exceed half.
        foreach (ContingencyCell cell in table.Cells)
        {
            double ofNew = cell.Weight / table.ColumnTotals[cell.Column];
            double ofOld = cell.Weight / table.RowTotals[cell.Row];
            if (ofNew > majority)
            {
                parents[cell.Column] = (cell.Row, ofNew);
                children[cell.Row]++;
            }

            if (ofOld > majority)
                heirs[cell.Row] = (cell.Column, ofOld);
        }
    }

    /// <summary>The old cluster that a new one was split from, or −1: its rows came mostly from one that continues elsewhere, or that died in several pieces.</summary>
    public (int Cluster, double Share) SplitFrom(int cluster)
    {
        (int parent, double share) = parents[cluster];
        if (parent < 0 || matching.RowOfColumn[parent] == cluster)
            return (-1, 0);
        bool elsewhere = matching.RowOfColumn[parent] >= 0;
        return elsewhere || children[parent] > 1 ? (parent, share) : (-1, 0);
    }

    /// <summary>The new cluster that most rows of an old one are in now, or −1.</summary>
    public (int Cluster, double Share) MergedInto(int cluster) => heirs[cluster];
}
