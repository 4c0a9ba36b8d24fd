using OrleansCluster.Families;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Serving;

/// <summary>Rows for which float64 has no answer: a value is missing, or so far away that its square is infinite. They are refused by row and column.</summary>
internal static class RowChecks
{
    /// <summary>What is wrong with a value that is missing.</summary>
    public const string NoValue = "the value is not a finite number: a row with a missing value cannot be answered. Fill it in or leave the row out.";

    /// <summary>Labels and distances, all of them finite.</summary>
    /// <inheritdoc cref="ILabels.Assign"/>
    /// <exception cref="ClusteringException">A row has no answer.</exception>
    public static void Answer(this ILabels model, RowBlock rows, Span<int> labels, Span<double> distances, IParallel parallel)
    {
        CheckFinite(rows);
        model.Assign(rows, labels, distances, parallel);
        CheckAnswers(rows, distances[..rows.Rows]);
    }

    /// <exception cref="ClusteringException">The model has another number of columns.</exception>
    public static void CheckColumns(int columns, int wanted)
    {
        if (columns != wanted)
            throw new ClusteringException(
                $"The rows have {columns} {(columns == 1 ? "column" : "columns")}, the model has {wanted}: give the columns that it was trained on, in "
                    + "their order.");
    }

    /// <exception cref="ClusteringException">A value is not finite.</exception>
    public static void CheckFinite(RowBlock rows)
    {
        int at = rows.Precision == Precision.Float32 ? FiniteValues.FirstOther(rows.Float32.Span) : FiniteValues.FirstOther(rows.Float64.Span);
        if (at >= 0)
            throw new ClusteringException(at / rows.Columns, at % rows.Columns, NoValue);
    }

    /// <exception cref="ClusteringException">A value is infinite.</exception>
    public static void CheckNotInfinite(RowBlock rows)
    {
        int at = rows.Precision == Precision.Float32 ? FirstInfinite(rows.Float32.Span) : FirstInfinite(rows.Float64.Span);
        if (at >= 0)
            throw new ClusteringException(at / rows.Columns, at % rows.Columns, "the value is infinite: correct it or leave the row out.");
    }

    /// <param name="rows">The rows.</param>
    /// <param name="answers">A number for each, which is not finite where the row has no answer.</param>
    /// <exception cref="ClusteringException">One is not finite.</exception>
    public static void CheckAnswers(RowBlock rows, ReadOnlySpan<double> answers)
    {
        int row = FiniteValues.FirstOther(answers);
        if (row < 0)
            return;
        throw NoAnswer(rows.Slice(row, 1), row);
    }

    /// <summary>Says why a row has no answer.</summary>
    /// <param name="one">The row.</param>
    /// <param name="row">Its place among those asked about.</param>
    public static ClusteringException NoAnswer(RowBlock one, int row)
    {
        var values = new double[one.Columns];
        one.CopyRow(0, values);
        if (values.All(value => value == 0))
        {
            return new ClusteringException(
                row, 0, "all values of the row are 0, so that it has no direction whose cosine could be taken. Correct it or leave the row out.");
        }

        int column = Enumerable.Range(0, values.Length).MaxBy(j => Math.Abs(values[j]));
        return new ClusteringException(
            row, column, FormattableString.Invariant($"{values[column]} is so far from every cluster that float64 cannot hold its squared distance. Correct ")
                + "the value or leave the row out.");
    }

    private static int FirstInfinite<T>(ReadOnlySpan<T> values)
        where T : System.Numerics.INumberBase<T>
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (T.IsInfinity(values[i]))
                return i;
        }

        return -1;
    }
}
