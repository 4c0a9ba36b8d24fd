using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Functions;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>
/// <c>yeojohnson</c>: the power transform of Yeo and Johnson (2000) for values of both signs, with the exponent λ that makes them most likely normal. With u
/// = ln(1 + |x|) it is (e^λu − 1) / λ where x ≥ 0 and −(e^(2−λ)u − 1) / (2 − λ) elsewhere, and u or −u where the divisor is 0. Whoever wants unit variance
/// scales afterwards.
/// </summary>
internal sealed class YeoJohnson() : StepKind("yeojohnson")
{
    private const string Exponents = "exponents";
    private const double Bound = 64, Precision = 1e-9;
    private const int MostTurns = 80;

    public override IEnumerable<FitPass> Fit(StepRequest request, StepFit fit)
    {
        ImmutableArray<int> places = Places(request, fit.Columns);
        var moments = new ColumnMoments(fit, places);
        var searches = new RootSearch[places.Length];
        if (!places.IsEmpty)
        {
            foreach (FitPass pass in moments.AskMeans())
                yield return pass;
            // The likelihood is concave in λ, so that its derivative has one root. Of a constant column there is nothing to find.
            for (int j = 0; j < searches.Length; j++)
                searches[j] = new RootSearch(1, Bound, Precision) { IsDone = moments.Minima[j] == moments.Maxima[j] };
        }

        for (int turn = 0; turn < MostTurns && searches.Any(search => !search.IsDone); turn++)
        {
            int[] open = [.. Enumerable.Range(0, searches.Length).Where(j => !searches[j].IsDone)];
            var sums = new PowerSums[open.Length];
            for (int i = 0; i < open.Length; i++)
                sums[i] = PowerSums.For(
                    searches[open[i]].Next, moments.Means[open[i]], moments.Minima[open[i]], moments.Maxima[open[i]], moments.Weights[open[i]]);
            yield return new FitPass(
                FitQuestion.Powers, [.. open.Select(j => places[j])], [.. sums.SelectMany(sum => new[] { sum.Exponent, sum.Centre })],
                    [.. sums.SelectMany(sum => sum.Units)]);
            var told = fit.Told<ExactTotals>();
            for (int i = 0; i < open.Length; i++)
                searches[open[i]].Take(sums[i].Derivative(told, PowerSums.Count * i, moments.Weights[open[i]]));
        }

        fit.Result = new StepRecord(Name, fit.Rows).With(StepRecord.Columns, NamesOf(places, fit)).With(Exponents, searches.Select(search => search.Next));
    }

    public override BoundStep Bind(StepRecord record, ImmutableArray<RowColumn> columns)
    {
        ImmutableArray<int> places = Places(record, columns);
        double[] exponents = [.. record.NumbersOf(Exponents, places.Length)];
        return new ColumnwiseStep(AsNumbers(columns, places), places,
            [MethodImpl(MethodImplOptions.AggressiveOptimization)] (index, value) => Transform(value, exponents[index]));
    }

    public override void Undo(StepRecord record, ToldRow row)
    {
        ImmutableArray<string> columns = record.TextsOf(StepRecord.Columns);
        ImmutableArray<double> exponents = record.NumbersOf(Exponents, columns.Length);
        for (int j = 0; j < columns.Length; j++)
            row.Change(columns[j], value => Back(value, exponents[j]));
    }

    public override string Tell(StepRecord record)
    {
        ImmutableArray<double> exponents = record.NumbersOf(Exponents);
        IEnumerable<string> told = record.TextsOf(StepRecord.Columns)
            .Select((column, j) => FormattableString.Invariant($"{column} (λ {Math.Round(exponents[j], 3)})"));
        return $"yeojohnson of {List([.. told])}";
    }

    internal static double Transform(double x, double exponent) => x >= 0 ? Raise(Near.LogOnePlus(x), exponent) : -Raise(Near.LogOnePlus(-x), 2 - exponent);

    /// <summary>(e^pu − 1) / p.</summary>
    internal static double Raise(double u, double power) => power == 0 ? u : Near.ExpMinusOne(power * u) / power;

    private static double Back(double y, double exponent) => y >= 0 ? Lower(y, exponent) : -Lower(-y, 2 - exponent);

    private static double Lower(double y, double power) => Near.ExpMinusOne(power == 0 ? y : Near.LogOnePlus(power * y) / power);
}
