using System.Collections.Immutable;

namespace OrleansCluster.Numerics.Evaluation;

/// <summary>Total weight of the rows with one label in each of two labellings.</summary>
/// <param name="Row">Index of the first label.</param>
/// <param name="Column">Index of the second label.</param>
/// <param name="Weight">Above 0.</param>
public readonly record struct ContingencyCell(int Row, int Column, double Weight);

/// <summary>
/// How two labellings of the same rows meet: weights by pair of labels, held sparsely. Made by <see cref="ContingencyStatistic"/>.
/// </summary>
public sealed class ContingencyTable
{
    private readonly int[] _starts;

    internal ContingencyTable(ImmutableArray<int> rowLabels, ImmutableArray<int> columnLabels, ImmutableArray<ContingencyCell> cells)
    {
        (RowLabels, ColumnLabels, Cells) = (rowLabels, columnLabels, cells);
        double[] byRow = new double[rowLabels.Length];
        double[] byColumn = new double[columnLabels.Length];
        _starts = new int[rowLabels.Length + 1];
        foreach (ContingencyCell cell in cells)
        {
            byRow[cell.Row] += cell.Weight;
            byColumn[cell.Column] += cell.Weight;
            Total += cell.Weight;
            _starts[cell.Row + 1]++;
        }

        for (int i = 0; i < rowLabels.Length; i++)
            _starts[i + 1] += _starts[i];
        RowTotals = ImmutableArray.Create(byRow);
        ColumnTotals = ImmutableArray.Create(byColumn);
    }

    /// <summary>Number of different first labels.</summary>
    public int Rows => RowLabels.Length;

    /// <summary>Number of different second labels.</summary>
    public int Columns => ColumnLabels.Length;

    /// <summary>The first labels, ascending.</summary>
    public ImmutableArray<int> RowLabels { get; }

    /// <summary>The second labels, ascending.</summary>
    public ImmutableArray<int> ColumnLabels { get; }

    /// <summary>The cells that are not 0, by row, then column.</summary>
    public ImmutableArray<ContingencyCell> Cells { get; }

    /// <summary>Weight of each first label.</summary>
    public ImmutableArray<double> RowTotals { get; }

    /// <summary>Weight of each second label.</summary>
    public ImmutableArray<double> ColumnTotals { get; }

    /// <summary>Weight of all rows.</summary>
    public double Total { get; }

    /// <summary>Whether both labellings are the same partition of the rows, whatever the labels are called.</summary>
    public bool IsOneToOne => IsHomogeneous && IsComplete;

    /// <summary>Whether every cluster (column) holds rows of one class alone.</summary>
    public bool IsHomogeneous => IsFunction(Cells.Select(cell => cell.Column));

    /// <summary>Whether every class (row) lies in one cluster.</summary>
    public bool IsComplete => IsFunction(Cells.Select(cell => cell.Row));

    /// <summary>The weight of one pair of labels, by index.</summary>
    public double this[int row, int column]
    {
        get
        {
            foreach (ContingencyCell cell in Row(row))
            {
                if (cell.Column == column)
                    return cell.Weight;
            }

            return 0;
        }
    }

    /// <summary>The cells of one row, by column.</summary>
    public ReadOnlySpan<ContingencyCell> Row(int row) => Cells.AsSpan()[_starts[row].._starts[row + 1]];

    /// <summary>|A ∩ B| / |A ∪ B| for the two sets of rows that meet in a cell.</summary>
    public double Jaccard(ContingencyCell cell) => cell.Weight / (RowTotals[cell.Row] + ColumnTotals[cell.Column] - cell.Weight);

    /// <summary>The table with the labellings exchanged.</summary>
    public ContingencyTable Transpose() =>
        new(ColumnLabels, RowLabels,
            [.. Cells.Select(cell => new ContingencyCell(cell.Column, cell.Row, cell.Weight)).OrderBy(cell => cell.Row).ThenBy(cell => cell.Column)]);

    /// <summary>The table of two labellings.</summary>
    /// <param name="first">One label a row, any integers: the reference, where one is.</param>
    /// <param name="second">One label a row.</param>
    /// <param name="weights">One weight a row (finite, ≥ 0), or empty: every row weighs 1.</param>
    /// <exception cref="ArgumentException">The lengths do not agree or a weight is not valid; the message names the row.</exception>
    public static ContingencyTable Of(ReadOnlySpan<int> first, ReadOnlySpan<int> second, ReadOnlySpan<double> weights = default)
    {
        ContingencyStatistic statistic = new();
        statistic.Accumulate(first, second, weights);
        return statistic.Finish();
    }

    private static bool IsFunction(IEnumerable<int> places)
    {
        var met = new HashSet<int>();
        return places.All(met.Add);
    }
}
