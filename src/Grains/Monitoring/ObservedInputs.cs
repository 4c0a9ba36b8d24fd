using System.Collections.Immutable;
using OrleansCluster.Contracts;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Serving;

namespace OrleansCluster.Monitoring;

/// <summary>Rows of a question in the columns of a reference profile, categories at the places that they have there.</summary>
internal static class ObservedInputs
{
    /// <summary>The place of a category that the profile has not.</summary>
    private const double Unknown = int.MaxValue;

    /// <param name="rows">The question.</param>
    /// <param name="fitted">What the model does to rows; null: it takes them as they are.</param>
    /// <param name="reference">What they are compared with.</param>
    /// <returns>The rows; null: the profile has no columns.</returns>
    public static RowBlock? Of(RowsPayload rows, FittedPreparation? fitted, ReferenceProfile reference)
    {
        RowBlock block = RowBytes.AsBlock(rows.Values, Precisions.Parse(rows.Precision), rows.Columns);
        if (reference.Columns.IsEmpty)
            return null;
        if (fitted is null)
            return reference.Chosen.Length == 0 ? block : Chosen(block, reference.Chosen);
        ImmutableArray<RowColumn> given = rows.Types.IsDefaultOrEmpty
            ? fitted.Inputs
            : [.. rows.Types.Select(type => new RowColumn(type.Name, ColumnTypes.Parse(type.Type)) { Categories = type.Categories })];
        (int Place, double[]? Categories)[] sources = [.. reference.Columns.Select(column => Source(column, given))];
        var values = new double[block.Rows * sources.Length];
        var row = new double[block.Columns];
        for (int i = 0, at = 0; i < block.Rows; i++)
        {
            block.CopyRow(i, row);
            foreach ((int place, double[]? categories) in sources)
            {
                double value = place < 0 ? double.NaN : row[place];
                values[at++] = categories is null || double.IsNaN(value) ? value : categories[(int)value];
            }
        }

        return new RowBlock(values, sources.Length);
    }

    private static RowBlock Chosen(RowBlock block, int[] columns)
    {
        var values = new double[block.Rows * columns.Length];
        var row = new double[block.Columns];
        for (int i = 0, at = 0; i < block.Rows; i++)
        {
            block.CopyRow(i, row);
            foreach (int column in columns)
                values[at++] = row[column];
        }

        return new RowBlock(values, columns.Length);
    }

    private static (int Place, double[]? Categories) Source(ColumnProfileDocument column, ImmutableArray<RowColumn> given)
    {
        int place = 0;
        while (place < given.Length && given[place].Name != column.Name)
            place++;
        if (place == given.Length)
            return (-1, null);
        if (column.Categories is not { } known)
            return (place, null);
        var places = known.Index().ToDictionary(category => category.Item, category => (double)category.Index, StringComparer.Ordinal);
        return (place, [.. given[place].Categories.Select(text => places.GetValueOrDefault(text, Unknown))]);
    }
}
