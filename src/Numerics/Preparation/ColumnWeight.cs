using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace OrleansCluster.Numerics.Preparation;

/// <summary><c>weigh=2:age+income</c>: columns are multiplied, so that they count for more or less in distances.</summary>
internal sealed class ColumnWeight() : StepKind("weigh")
{
    private const string Factor = "factor";

    public override bool IsValue(string text) => double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out double factor) && factor > 0
        && double.IsFinite(factor);

    public override void Check(StepRequest request)
    {
        base.Check(request);
        if (request.Value.Length == 0 || request.Columns.IsEmpty)
            throw request.Refuse("takes a factor above 0 and columns: weigh=2:age+income");
    }

    public override IEnumerable<FitPass> Fit(StepRequest request, StepFit fit)
    {
        fit.Result = new StepRecord(Name).With(StepRecord.Columns, NamesOf(Places(request, fit.Columns), fit)).With(Factor, request.Number()!.Value);
        yield break;
    }

    public override BoundStep Bind(StepRecord record, ImmutableArray<RowColumn> columns)
    {
        ImmutableArray<int> places = Places(record, columns);
        double factor = record.NumbersOf(Factor, 1)[0];
        return new ColumnwiseStep(AsNumbers(columns, places), places,
            [MethodImpl(MethodImplOptions.AggressiveOptimization)] (_, value) => value * factor);
    }

    public override void Undo(StepRecord record, ToldRow row)
    {
        double factor = record.NumbersOf(Factor, 1)[0];
        foreach (string column in record.TextsOf(StepRecord.Columns))
            row.Change(column, value => value / factor);
    }

    public override string Tell(StepRecord record) =>
        FormattableString.Invariant($"multiply {List(record.TextsOf(StepRecord.Columns))} by {record.NumbersOf(Factor, 1)[0]}");
}
