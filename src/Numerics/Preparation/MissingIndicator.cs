using System.Collections.Immutable;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>
/// <c>indicator</c>: for each column with missing values one more, at the end, which is 1 where the value is missing and 0 elsewhere. Goes before what fills
/// them in.
/// </summary>
internal sealed class MissingIndicator() : StepKind("indicator")
{
    public override ImmutableArray<ColumnType> Takes => [ColumnType.Number, ColumnType.Category, ColumnType.Boolean, ColumnType.Time];

    protected override ImmutableArray<ColumnType> Types => Takes;

    public override IEnumerable<FitPass> Fit(StepRequest request, StepFit fit)
    {
        ImmutableArray<int> places = Places(request, fit.Columns);
        var pass = new FitPass(FitQuestion.Tallies, places, [], [.. places.SelectMany(_ => new long[] { 0, 0 })]);
        yield return pass;
        var counts = fit.Told<ExactTotals>();
        // Named columns have one, whether the rows at hand lack values or not.
        ImmutableArray<int> missing = request.Columns.IsEmpty ? [.. places.Where((_, index) => counts[2 * index] > 0)] : places;
        fit.Result = new StepRecord(Name, places.IsEmpty ? 0 : (long)(counts[0] + counts[1])).With(StepRecord.Columns, NamesOf(missing, fit));
    }

    public override BoundStep Bind(StepRecord record, ImmutableArray<RowColumn> columns)
    {
        ImmutableArray<int> places = Places(record, columns);
        return new Indication([.. columns, .. places.Select(place => new RowColumn($"{columns[place].Name} missing"))], columns.Length, places);
    }

    public override string Tell(StepRecord record) => $"indicate missing values of {List(record.TextsOf(StepRecord.Columns))}";

    private sealed class Indication(ImmutableArray<RowColumn> outputs, int width, ImmutableArray<int> places) : BoundStep(outputs)
    {
        public override ImmutableArray<int> Origins => [.. Enumerable.Range(0, width), .. places];

        public override void Apply(ReadOnlySpan<double> rows, Span<double> target, int count)
        {
            for (int row = 0; row < count; row++)
            {
                ReadOnlySpan<double> source = rows.Slice(row * width, width);
                Span<double> made = target.Slice(row * Outputs.Length, Outputs.Length);
                source.CopyTo(made);
                for (int i = 0; i < places.Length; i++)
                    made[width + i] = double.IsNaN(source[places[i]]) ? 1 : 0;
            }
        }
    }
}
