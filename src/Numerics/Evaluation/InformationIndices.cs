using System.Collections.Immutable;
using OrleansCluster.Numerics.Functions;

namespace OrleansCluster.Numerics.Evaluation;

/// <summary>
/// Agreement of two labellings by information, in nats. A row of weight w counts as w equal rows.
/// Rows of the table are the reference (classes), columns the clusters, where it matters.
/// </summary>
public static class InformationIndices
{
    /// <summary>Entropy of a labelling with these label weights: −Σ p ln p ≥ 0.</summary>
    public static double Entropy(ImmutableArray<double> totals)
    {
        double all = totals.Sum();
        double sum = 0;
        foreach (double total in totals)
        {
            if (total > 0)
                sum -= total / all * Elementary.Log(total / all);
        }

        return Math.Max(0, sum);
    }

    /// <summary>Mutual information: Σ pᵢⱼ ln(pᵢⱼ / (pᵢ pⱼ)) ≥ 0.</summary>
    public static double MutualInformation(ContingencyTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        double sum = 0;
        foreach (ContingencyCell cell in table.Cells)
            sum += cell.Weight / table.Total * Elementary.Log(cell.Weight / table.RowTotals[cell.Row] / (table.ColumnTotals[cell.Column] / table.Total));
        return Math.Max(0, sum);
    }

    /// <summary>Mutual information over the arithmetic mean of the entropies. 0 … 1; 1 for equal partitions.</summary>
    public static double NormalizedMutualInformation(ContingencyTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        if (table.IsOneToOne)
            return 1;
        // Partitions that differ have labels to differ in.
        return Math.Min(1, MutualInformation(table) / (0.5 * (Entropy(table.RowTotals) + Entropy(table.ColumnTotals))));
    }

    /// <summary>
    /// Adjusted mutual information: (MI − E[MI]) / (mean of the entropies − E[MI]), the expectation exact over all tables with the same totals.
    /// 1 for equal partitions, 0 on average by chance.
    /// </summary>
    /// <remarks>N. X. Vinh, J. Epps, J. Bailey, J. Machine Learning Research 11 (2010) 2837–2854.</remarks>
    /// <exception cref="ArgumentException">A weight is not whole: the expectation is over arrangements of rows.</exception>
    public static double AdjustedMutualInformation(ContingencyTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        // Where every arrangement makes equal partitions (one label, or as many as rows), the quotient is 0 / 0.
        if (table.IsOneToOne)
            return 1;
        double expected = ExpectedMutualInformation.Of(table.RowTotals, table.ColumnTotals);
        double room = (0.5 * (Entropy(table.RowTotals) + Entropy(table.ColumnTotals))) - expected;
        // The room is positive but for rounding, which must not turn the sign of the index.
        const double Epsilon = 2.220446049250313e-16;
        room = room < 0 ? Math.Min(room, -Epsilon) : Math.Max(room, Epsilon);
        return (MutualInformation(table) - expected) / room;
    }

    /// <summary>1 − H(classes | clusters) / H(classes): 1 when every cluster holds one class. 0 … 1.</summary>
    /// <remarks>A. Rosenberg, J. Hirschberg: V-measure, EMNLP-CoNLL 2007, 410–420.</remarks>
    public static double Homogeneity(ContingencyTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return table.IsHomogeneous ? 1 : Math.Min(1, MutualInformation(table) / Entropy(table.RowTotals));
    }

    /// <summary>1 − H(clusters | classes) / H(clusters): 1 when every class is in one cluster. 0 … 1.</summary>
    public static double Completeness(ContingencyTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        return table.IsComplete ? 1 : Math.Min(1, MutualInformation(table) / Entropy(table.ColumnTotals));
    }

    /// <summary>The harmonic mean of homogeneity and completeness. 0 … 1.</summary>
    public static double VMeasure(ContingencyTable table)
    {
        double homogeneity = Homogeneity(table);
        double completeness = Completeness(table);
        return homogeneity + completeness == 0 ? 0 : 2 * homogeneity * completeness / (homogeneity + completeness);
    }
}
