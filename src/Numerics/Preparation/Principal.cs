using System.Collections.Immutable;
using System.Globalization;
using OrleansCluster.Numerics.Algebra;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>
/// <c>pca=0.95</c>, <c>pca=3</c>; <c>whiten</c> likewise: the coordinates of rows along the principal axes of the covariance, of which as many are kept as
/// hold more than that share of the variance, or as many as the number says; all when nobody says. Whitened ones are divided by their standard deviation. In
/// an axis the greatest magnitude, of equal ones the first, is positive. Back from them leads their sum, which is where a row lies in the space of the axes
/// that were kept.
/// </summary>
/// <param name="whitens">Whether coordinates are divided by their standard deviations.</param>
internal sealed class Principal(bool whitens) : StepKind(whitens ? "whiten" : "pca")
{
    private const int MostColumns = 1000;
    private const string Means = "means", Axes = "axes", Variances = "variances", Shares = "shares";

    protected override ImmutableArray<ColumnType> Types => [ColumnType.Number, ColumnType.Boolean];

    public override bool IsValue(string text) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
        && (number is > 0 and < 1 || (number >= 1 && number == Math.Floor(number)));

    public override IEnumerable<FitPass> Fit(StepRequest request, StepFit fit)
    {
        ImmutableArray<int> places = Places(request, fit.Columns);
        int d = places.Length;
        if (d is 0 or > MostColumns)
            throw new TrainingException(
                FormattableString.Invariant($"The preparation step '{request}' is for 1 to {MostColumns} columns of numbers: here are {d}."));
        if (request.Number() is >= 1 and var asked && asked > d)
            throw request.Refuse(FormattableString.Invariant($"cannot keep {asked} axes of {d} columns: ask for at most {d}"));
        var moments = new ColumnMoments(fit, places);
        foreach (FitPass pass in moments.AskMeans())
            yield return pass;
        int missing = Array.FindIndex(moments.Counts, count => count < moments.Counts.Max() || count < 2);
        if (missing >= 0)
            throw fit.Refuse(places[missing], moments.Counts[missing] < 2 ? $"has a value in {moments.Counts[missing]} row only, too few for {Name}."
                : $"has missing values, which {Name} cannot take: fill them in before with impute=median.");
        long[] grids = [.. Enumerable.Range(0, d).Select(j => (long)Binary.CeilingExponent(moments.Farthest(j))),
            Binary.CeilingExponent(moments.Weights[0]) - FixedPoint.Bits];
        yield return new FitPass(FitQuestion.Products, places, [.. moments.Means], [.. grids]);
        var sums = fit.Told<ExactTotals>();
        var covariance = new double[d * d];
        for (int i = 0, at = 0; i < d; i++)
        {
            for (int j = i; j < d; j++, at++)
                covariance[(i * d) + j] = covariance[(j * d) + i] = FixedPoint.ToDouble(sums[at], (int)(grids[i] + grids[j] + grids[d])) / (
                    moments.Weights[0] - 1);
        }

        var eigen = SymmetricEigen.Decompose(covariance, d);
        int[] order = [.. Enumerable.Range(0, d).OrderByDescending(axis => eigen.Values[axis]).ThenBy(axis => axis)];
        double total = order.Sum(axis => Math.Max(0, eigen.Values[axis]));
        int kept = Kept(request, order, eigen.Values, total);
        var axes = new double[kept * d];
        for (int c = 0; c < kept; c++)
            Axis(eigen, order[c], axes.AsSpan(c * d, d));
        double[] variances = [.. order.Take(kept).Select(axis => Math.Max(0, eigen.Values[axis]))];
        fit.Result = new StepRecord(Name, fit.Rows).With(StepRecord.Columns, NamesOf(places, fit)).With(Means, moments.Means).With(Axes, axes)
            .With(Variances, variances).With(Shares, variances.Select(variance => total > 0 ? variance / total : 0));
    }

    public override BoundStep Bind(StepRecord record, ImmutableArray<RowColumn> columns)
    {
        ImmutableArray<int> places = Places(record, columns);
        ImmutableArray<int> others = [.. Enumerable.Range(0, columns.Length).Except(places)];
        double[] variances = [.. record.NumbersOf(Variances)];
        return new Projection(
            [.. NamesOf(variances.Length).Select(name => new RowColumn(name)), .. others.Select(place => columns[place])],
            columns.Length, places, others, [.. record.NumbersOf(Means, places.Length)], [.. record.NumbersOf(Axes, places.Length * variances.Length)],
                Units(variances));
    }

    public override void Undo(StepRecord record, ToldRow row)
    {
        ImmutableArray<string> columns = record.TextsOf(StepRecord.Columns);
        ImmutableArray<double> means = record.NumbersOf(Means, columns.Length), axes = record.NumbersOf(Axes);
        double[] units = Units([.. record.NumbersOf(Variances)]);
        string[] names = [.. NamesOf(units.Length)];
        double[] values = [.. means];
        for (int c = 0; c < names.Length; c++)
        {
            double along = row.Value(names[c]) * units[c];
            for (int j = 0; j < values.Length; j++)
                values[j] = Math.FusedMultiplyAdd(along, axes[(c * values.Length) + j], values[j]);
        }

        row.Replace(names, columns, values);
    }

    public override string Tell(StepRecord record)
    {
        ImmutableArray<double> shares = record.NumbersOf(Shares);
        double percent = Math.Round(1000 * shares.Sum()) / 10;
        return FormattableString.Invariant(
            $"{shares.Length} principal axes of {record.TextsOf(StepRecord.Columns).Length} columns, {percent}% of the variance{(whitens ? ", white" : "")}");
    }

    private static IEnumerable<string> NamesOf(int axes) => Enumerable.Range(1, axes).Select(axis => FormattableString.Invariant($"pc{axis}"));

    private double[] Units(double[] variances) => [.. variances.Select(variance => whitens && variance > 0 ? Math.Sqrt(variance) : 1)];

    private static int Kept(StepRequest request, int[] order, double[] values, double total)
    {
        if (request.Number() is not { } wanted)
            return order.Length;
        if (wanted >= 1)
            return (int)wanted;
        double sum = 0;
        int kept = 0;
        while (kept < order.Length && !(sum > wanted * total))
            sum += Math.Max(0, values[order[kept++]]);
        return kept;
    }

    private static void Axis(SymmetricEigen eigen, int axis, Span<double> target)
    {
        int d = target.Length, greatest = 0;
        for (int j = 0; j < d; j++)
        {
            target[j] = eigen.Vectors[(j * d) + axis];
            greatest = Math.Abs(target[j]) > Math.Abs(target[greatest]) ? j : greatest;
        }

        if (target[greatest] >= 0)
            return;
        foreach (ref double value in target)
            value = -value;
    }

    private sealed class Projection(
        ImmutableArray<RowColumn> outputs, int width, ImmutableArray<int> places, ImmutableArray<int> others, double[] means, double[] axes, double[] units)
            : BoundStep(outputs)
    {
        public override ImmutableArray<int> Origins => [.. Enumerable.Repeat(-1, units.Length), .. others];

        public override void Apply(ReadOnlySpan<double> rows, Span<double> target, int count)
        {
            int d = places.Length;
            for (int row = 0; row < count; row++)
            {
                ReadOnlySpan<double> source = rows.Slice(row * width, width);
                Span<double> made = target.Slice(row * Outputs.Length, Outputs.Length);
                for (int c = 0; c < units.Length; c++)
                {
                    double sum = 0;
                    for (int j = 0; j < d; j++)
                        sum = Math.FusedMultiplyAdd(source[places[j]] - means[j], axes[(c * d) + j], sum);
                    made[c] = sum / units[c];
                }

                for (int i = 0; i < others.Length; i++)
                    made[units.Length + i] = source[others[i]];
            }
        }
    }
}
