using System.Collections.Immutable;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>Ranges, weighted means and variances of columns, of the values that are there, in one, two or three passes.</summary>
/// <param name="fit">The step that asks.</param>
/// <param name="columns">Positions of the columns.</param>
internal sealed class ColumnMoments(StepFit fit, ImmutableArray<int> columns)
{
    private ColumnFrame? _frame;

    /// <summary>Least values.</summary>
    public double[] Minima { get; private set; } = [];

    /// <summary>Greatest values.</summary>
    public double[] Maxima { get; private set; } = [];

    /// <summary>Weighted means.</summary>
    public double[] Means { get; } = new double[columns.Length];

    /// <summary>Weighted population variances.</summary>
    public double[] Variances { get; } = new double[columns.Length];

    /// <summary>Total weights of the values that are there.</summary>
    public double[] Weights { get; } = new double[columns.Length];

    /// <summary>How many values are there.</summary>
    public long[] Counts { get; } = new long[columns.Length];

    /// <exception cref="TrainingException">A column has no value at all.</exception>
    public IEnumerable<FitPass> AskRanges()
    {
        yield return new FitPass(FitQuestion.Ranges, columns);
        var ranges = fit.Told<Ranges>();
        (fit.Rows, Minima, Maxima) = (ranges.PositiveRows, ranges.Minima, ranges.Maxima);
        for (int j = 0; j < columns.Length; j++)
        {
            if (Minima[j] > Maxima[j])
                throw fit.Refuse(columns[j], "has no value in any row that counts: leave it out.");
        }

        _frame = Frame(ranges);
    }

    public IEnumerable<FitPass> AskMeans()
    {
        foreach (FitPass pass in AskRanges())
            yield return pass;
        ColumnFrame frame = _frame!;
        yield return new FitPass(
            FitQuestion.Sums, columns, [.. frame.Origins], [.. frame.RangeExponents.ToArray().Select(exponent => (long)exponent), frame.WeightExponent]);
        var sums = fit.Told<ExactTotals>();
        for (int j = 0; j < columns.Length; j++)
        {
            Means[j] = frame.Mean(j, sums[3 * j], sums[(3 * j) + 1]);
            Weights[j] = frame.WeightOf(sums[(3 * j) + 1]);
            Counts[j] = (long)sums[(3 * j) + 2];
        }
    }

    public IEnumerable<FitPass> AskVariances()
    {
        foreach (FitPass pass in AskMeans())
            yield return pass;
        long[] units = [.. Enumerable.Range(0, columns.Length).Select(j => (long)FixedPoint.UnitFor(Weights[j], Square(Farthest(j))))];
        yield return new FitPass(FitQuestion.Squares, columns, [.. Means], [.. units]);
        var sums = fit.Told<ExactTotals>();
        for (int j = 0; j < columns.Length; j++)
            Variances[j] = FixedPoint.ToDouble(sums[j], (int)units[j]) / Weights[j];
    }

    /// <summary>No value of the column is farther from its mean.</summary>
    public double Farthest(int index) => Math.Max(Math.Abs(Maxima[index] - Means[index]), Math.Abs(Minima[index] - Means[index]));

    private static double Square(double value) => value * value;

    private ColumnFrame Frame(Ranges ranges)
    {
        try
        {
            // Sums of a shard may need more than 64 digits and have them: so the grid does not depend on how rows are cut into shards.
            return ColumnFrame.FromRanges(Minima, Maxima, ranges.GreatestWeight, ranges.GreatestWeight);
        }
        catch (TrainingException e)
        {
            throw new TrainingException(e.Told([.. columns.Select(column => fit.Columns[column].Name)]));
        }
    }
}
