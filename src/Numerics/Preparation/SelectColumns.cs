using System.Collections.Immutable;

namespace OrleansCluster.Numerics.Preparation;

/// <summary><c>select=age+income</c>: these columns in this order, and no others.</summary>
internal sealed class SelectColumns() : StepKind("select")
{
    public override ImmutableArray<ColumnType> Takes => [ColumnType.Number, ColumnType.Category, ColumnType.Boolean, ColumnType.Time];

    public override void Check(StepRequest request)
    {
        base.Check(request);
        if (request.Columns.IsEmpty || request.Columns.Distinct().Count() < request.Columns.Length)
            throw request.Refuse("takes columns, each once: select=age+income");
    }

    public override IEnumerable<FitPass> Fit(StepRequest request, StepFit fit)
    {
        fit.Result = new StepRecord(Name).With(StepRecord.Columns, NamesOf(Places(request, fit.Columns), fit));
        yield break;
    }

    public override BoundStep Bind(StepRecord record, ImmutableArray<RowColumn> columns)
    {
        ImmutableArray<int> places = Places(record, columns);
        return new Selection([.. places.Select(place => columns[place])], columns.Length, places);
    }

    public override string Tell(StepRecord record) => $"select {List(record.TextsOf(StepRecord.Columns))}";

    private sealed class Selection(ImmutableArray<RowColumn> outputs, int width, ImmutableArray<int> places) : BoundStep(outputs)
    {
        public override ImmutableArray<int> Origins => places;

        public override void Apply(ReadOnlySpan<double> rows, Span<double> target, int count)
        {
            for (int row = 0, at = 0; row < count; row++)
            {
                foreach (int place in places)
                    target[at++] = rows[(row * width) + place];
            }
        }
    }
}
