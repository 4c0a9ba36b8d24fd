using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Functions;

namespace OrleansCluster.Numerics.Preparation;

/// <summary><c>log1p</c>: ln(1 + x), of values above −1; <c>sqrt</c>: √x, of values from 0 on.</summary>
/// <param name="name">What it is called.</param>
/// <param name="takes">Whether it takes a value.</param>
/// <param name="range">The values that it takes, for people.</param>
/// <param name="apply">What it does.</param>
/// <param name="undo">What takes that back.</param>
internal sealed class Power(string name, Func<double, bool> takes, string range, Func<double, double> apply, Func<double, double> undo) : StepKind(name)
{
    public static Power Log1p { get; } = new("log1p", value => value > -1, "above -1", Near.LogOnePlus, Near.ExpMinusOne);

    public static Power Root { get; } = new("sqrt", value => value >= 0, "from 0 on", Math.Sqrt, value => value * value);

    public override IEnumerable<FitPass> Fit(StepRequest request, StepFit fit)
    {
        ImmutableArray<int> places = Places(request, fit.Columns);
        if (!places.IsEmpty)
        {
            var moments = new ColumnMoments(fit, places);
            foreach (FitPass pass in moments.AskRanges())
                yield return pass;
            for (int j = 0; j < places.Length; j++)
            {
                if (!takes(moments.Minima[j]))
                    throw fit.Refuse(places[j],
                        FormattableString.Invariant(
                        $"has values down to {moments.Minima[j]}, and {Name} takes values {range}: use yeojohnson, or name other columns."));
            }
        }

        fit.Result = new StepRecord(Name, fit.Rows).With(StepRecord.Columns, NamesOf(places, fit));
    }

    public override BoundStep Bind(StepRecord record, ImmutableArray<RowColumn> columns)
    {
        ImmutableArray<int> places = Places(record, columns);
        // What later rows have beyond the range is no number: whoever asks is told so.
        return new ColumnwiseStep(AsNumbers(columns, places), places,
            [MethodImpl(MethodImplOptions.AggressiveOptimization)] (_, value) => takes(value) ? apply(value) : double.NaN);
    }

    public override void Undo(StepRecord record, ToldRow row)
    {
        foreach (string column in record.TextsOf(StepRecord.Columns))
            row.Change(column, undo);
    }

    public override string Tell(StepRecord record) => $"{Name} of {List(record.TextsOf(StepRecord.Columns))}";
}
