using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>
/// <c>scale=standard|minmax|robust|maxabs</c>: x becomes (x − shift) / unit. Standard: the mean and the population's standard deviation, by weight; minmax:
/// the least value and the range; robust: the median and the range between the quartiles; maxabs: 0 and the greatest magnitude. A column whose unit would be
/// 0 has the unit 1.
/// </summary>
internal sealed class Scale() : StepKind("scale")
{
    private const string Standard = "standard", MinMax = "minmax", Robust = "robust", MaxAbs = "maxabs", Shifts = "shifts", Units = "units", Method = "method";

    public override bool IsValue(string text) => text is Standard or MinMax or Robust or MaxAbs;

    public override void Check(StepRequest request)
    {
        base.Check(request);
        if (request.Value.Length == 0)
            throw request.Refuse("takes standard, minmax, robust or maxabs: scale=standard");
    }

    public override IEnumerable<FitPass> Fit(StepRequest request, StepFit fit)
    {
        ImmutableArray<int> places = Places(request, fit.Columns);
        (double[] shifts, double[] units) = (new double[places.Length], new double[places.Length]);
        if (!places.IsEmpty && request.Value == Robust)
        {
            var quantiles = new ColumnQuantiles(fit, [.. places.SelectMany(place => new[] { (place, 0.25), (place, 0.5), (place, 0.75) })]);
            foreach (FitPass pass in quantiles.Ask())
                yield return pass;
            for (int j = 0; j < units.Length; j++)
                (shifts[j], units[j]) = (quantiles.Values[(3 * j) + 1], quantiles.Values[(3 * j) + 2] - quantiles.Values[3 * j]);
        }
        else if (!places.IsEmpty)
        {
            var moments = new ColumnMoments(fit, places);
            foreach (FitPass pass in request.Value == Standard ? moments.AskVariances() : moments.AskRanges())
                yield return pass;
            for (int j = 0; j < units.Length; j++)
            {
                (shifts[j], units[j]) = request.Value switch
                {
                    Standard => (moments.Means[j], Math.Sqrt(moments.Variances[j])),
                    MinMax => (moments.Minima[j], moments.Maxima[j] - moments.Minima[j]),
                    _ => (0, Math.Max(Math.Abs(moments.Minima[j]), Math.Abs(moments.Maxima[j]))),
                };
            }
        }

        for (int j = 0; j < units.Length; j++)
            units[j] = units[j] == 0 ? 1 : units[j];
        fit.Result = new StepRecord(Name, fit.Rows).With(StepRecord.Columns, NamesOf(places, fit)).With(Method, request.Value).With(Shifts, shifts)
            .With(Units, units);
    }

    public override BoundStep Bind(StepRecord record, ImmutableArray<RowColumn> columns)
    {
        ImmutableArray<int> places = Places(record, columns);
        double[] shifts = [.. record.NumbersOf(Shifts, places.Length)], units = [.. record.NumbersOf(Units, places.Length)];
        return new ColumnwiseStep(AsNumbers(columns, places), places,
            [MethodImpl(MethodImplOptions.AggressiveOptimization)] (index, value) => (value - shifts[index]) / units[index]);
    }

    public override void Undo(StepRecord record, ToldRow row)
    {
        ImmutableArray<string> columns = record.TextsOf(StepRecord.Columns);
        ImmutableArray<double> shifts = record.NumbersOf(Shifts, columns.Length), units = record.NumbersOf(Units, columns.Length);
        for (int j = 0; j < columns.Length; j++)
            row.Change(columns[j], value => Math.FusedMultiplyAdd(value, units[j], shifts[j]));
    }

    public override string Tell(StepRecord record) => $"scale ({string.Join("", record.TextsOf(Method))}) {List(record.TextsOf(StepRecord.Columns))}";
}
