using System.Collections.Immutable;
using OrleansCluster.Numerics.Matchings;

namespace OrleansCluster.Numerics.Evaluation;

/// <summary>
/// How well two labellings of the same rows agree, whatever the labels are called. A row of weight w counts as w equal rows.
/// Rows of the table are the reference (classes), columns the clusters, where it matters.
/// </summary>
public static class ExternalIndices
{
    /// <summary>Adjusted Rand index: 1 for equal partitions, 0 on average by chance. −0.5 … 1.</summary>
    /// <remarks>L. Hubert, P. Arabie: Comparing partitions, J. Classification 2 (1985) 193–218.</remarks>
    public static double AdjustedRand(ContingencyTable table)
    {
        PairCounts pairs = PairCounts.Of(table);
        return table.IsOneToOne ? 1 : pairs.AdjustedRand / pairs.Chance;
    }

    /// <summary>
    /// The same index of rows whose weights only compare: a pair of different rows counts by the product of their weights, so that a common factor changes
    /// nothing. 1 where the pairs that one labelling has together weigh too little beside all pairs to be told from roundings.
    /// </summary>
    /// <param name="table">Weights by pair of labels.</param>
    /// <param name="squares">Σ w² over the rows: what their pairs with themselves weigh.</param>
    public static double AdjustedRand(ContingencyTable table, double squares)
    {
        ArgumentNullException.ThrowIfNull(table);
        PairCounts pairs = PairCounts.Of(table, squares);
        double all = (table.Total * table.Total) - squares;
        return table.IsOneToOne || !(pairs.Chance > Math.ScaleB(all * all, -40)) ? 1 : pairs.AdjustedRand / pairs.Chance;
    }

    /// <summary>Rand index: the share of pairs of rows on which the labellings agree. 0 … 1.</summary>
    /// <remarks>W. Rand, J. American Statistical Association 66 (1971) 846–850.</remarks>
    public static double Rand(ContingencyTable table)
    {
        PairCounts pairs = PairCounts.Of(table);
        double agreed = pairs.Both + pairs.Neither;
        double apart = pairs.FirstOnly + pairs.SecondOnly;
        return apart == 0 ? 1 : agreed / (agreed + apart);
    }

    /// <summary>Fowlkes–Mallows index: the geometric mean of pairwise precision and recall. 0 … 1; 1 for equal partitions, those of single rows too.</summary>
    /// <remarks>E. Fowlkes, C. Mallows, J. American Statistical Association 78 (1983) 553–569.</remarks>
    public static double FowlkesMallows(ContingencyTable table)
    {
        PairCounts pairs = PairCounts.Of(table);
        if (table.IsOneToOne)
            return 1;
        return pairs.Both == 0 ? 0 : Math.Sqrt(pairs.Both / (pairs.Both + pairs.FirstOnly)) * Math.Sqrt(pairs.Both / (pairs.Both + pairs.SecondOnly));
    }

    /// <summary>Jaccard index of pairs: together in both, out of together in either. 0 … 1; 1 when no two rows are together in either.</summary>
    public static double PairJaccard(ContingencyTable table)
    {
        PairCounts pairs = PairCounts.Of(table);
        double either = pairs.Both + pairs.FirstOnly + pairs.SecondOnly;
        return either == 0 ? 1 : pairs.Both / either;
    }

    /// <summary>Purity: the share of rows that are in the commonest class of their cluster. 0 … 1; 1 without rows.</summary>
    public static double Purity(ContingencyTable table)
    {
        ArgumentNullException.ThrowIfNull(table);
        double[] commonest = new double[table.Columns];
        foreach (ContingencyCell cell in table.Cells)
            commonest[cell.Column] = Math.Max(commonest[cell.Column], cell.Weight);
        return table.Total > 0 ? commonest.Sum() / table.Total : 1;
    }

    /// <summary>
    /// Accuracy under the best one-to-one naming of clusters by classes (exact matching). 0 … 1; 1 without rows.
    /// </summary>
    /// <param name="table">Rows: classes; columns: clusters.</param>
    /// <param name="columnOfRow">For each class the cluster that stands for it, by index, or −1.</param>
    public static double MatchedAccuracy(ContingencyTable table, out ImmutableArray<int> columnOfRow)
    {
        ArgumentNullException.ThrowIfNull(table);
        columnOfRow = [.. Enumerable.Repeat(-1, table.Rows)];
        if (table.Cells.IsEmpty)
            return 1;
        // Costs are what a cell lacks to the greatest one; whole counts stay exact.
        double most = table.Cells.Max(cell => cell.Weight);
        columnOfRow = LimitedMatching.Solve(new MissingWeight(table, most), most).Matching.ColumnOfRow;
        double matched = 0;
        for (int i = 0; i < table.Rows; i++)
        {
            if (columnOfRow[i] >= 0)
                matched += table[i, columnOfRow[i]];
        }

        return matched / table.Total;
    }

    private sealed class MissingWeight(ContingencyTable table, double most) : IPairCosts
    {
        public int Rows => table.Rows;

        public int Columns => table.Columns;

        public void Row(int row, double limit, Span<double> costs)
        {
            costs.Fill(most);
            foreach (ContingencyCell cell in table.Row(row))
                costs[cell.Column] = most - cell.Weight;
        }
    }

    /// <summary>Ordered pairs of different rows, by whether each labelling has them together.</summary>
    private readonly record struct PairCounts(double Both, double FirstOnly, double SecondOnly, double Neither)
    {
        /// <summary>What the adjusted Rand index divides by, and what it divides.</summary>
        public double Chance => ((Both + FirstOnly) * (FirstOnly + Neither)) + ((Both + SecondOnly) * (SecondOnly + Neither));

        public double AdjustedRand => 2 * ((Both * Neither) - (FirstOnly * SecondOnly));

        /// <param name="table">Weights by pair of labels.</param>
        /// <param name="itself">What the pairs of rows with themselves weigh; null: rows of weight w are w rows.</param>
        public static PairCounts Of(ContingencyTable table, double? itself = null)
        {
            ArgumentNullException.ThrowIfNull(table);
            double both = 0;
            foreach (ContingencyCell cell in table.Cells)
                both += cell.Weight * cell.Weight;
            double first = SumOfSquares(table.RowTotals);
            double second = SumOfSquares(table.ColumnTotals);
            double n = table.Total;
            return new PairCounts(both - (itself ?? n), first - both, second - both, (n * n) - first - second + both);
        }

        private static double SumOfSquares(ImmutableArray<double> totals)
        {
            double sum = 0;
            foreach (double total in totals)
                sum += total * total;
            return sum;
        }
    }
}
