using System.Collections.Immutable;

namespace OrleansCluster.Numerics.Matchings;

/// <summary>A matching of rows with columns, and the prices that prove it the cheapest.</summary>
/// <remarks>
/// The prices are a solution of the dual problem: cost(i, j) ≥ row price i + column price j for every pair, with equality
/// where i is matched with j, up to rounding. Whoever holds the costs can so check the matching without solving it again.
/// </remarks>
public sealed class Matching
{
    internal Matching(int[] columnOfRow, int columns, double cost, double[] rowPrices, double[] columnPrices)
    {
        int[] rowOfColumn = new int[columns];
        Array.Fill(rowOfColumn, -1);
        for (int i = 0; i < columnOfRow.Length; i++)
        {
            if (columnOfRow[i] < 0)
                continue;
            rowOfColumn[columnOfRow[i]] = i;
            Pairs++;
        }

        ColumnOfRow = ImmutableArray.Create(columnOfRow);
        RowOfColumn = ImmutableArray.Create(rowOfColumn);
        RowPrices = ImmutableArray.Create(rowPrices);
        ColumnPrices = ImmutableArray.Create(columnPrices);
        Cost = cost;
    }

    /// <summary>For each row its column, or −1.</summary>
    public ImmutableArray<int> ColumnOfRow { get; }

    /// <summary>For each column its row, or −1.</summary>
    public ImmutableArray<int> RowOfColumn { get; }

    /// <summary>Number of matched pairs.</summary>
    public int Pairs { get; }

    /// <summary>Sum of the matched pairs' costs, added in row order.</summary>
    public double Cost { get; }

    /// <summary>One price a row.</summary>
    public ImmutableArray<double> RowPrices { get; }

    /// <summary>One price a column.</summary>
    public ImmutableArray<double> ColumnPrices { get; }
}
