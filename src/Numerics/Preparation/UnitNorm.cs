using System.Collections.Immutable;

namespace OrleansCluster.Numerics.Preparation;

/// <summary><c>unit</c>: each row is divided by its Euclidean norm over the columns; a row of zeros stays. There is no way back.</summary>
internal sealed class UnitNorm() : StepKind("unit")
{
    public override IEnumerable<FitPass> Fit(StepRequest request, StepFit fit)
    {
        fit.Result = new StepRecord(Name).With(StepRecord.Columns, NamesOf(Places(request, fit.Columns), fit));
        yield break;
    }

    public override BoundStep Bind(StepRecord record, ImmutableArray<RowColumn> columns)
    {
        ImmutableArray<int> places = Places(record, columns);
        return new Division(AsNumbers(columns, places), places);
    }

    public override string Tell(StepRecord record) => $"rows of length 1 over {List(record.TextsOf(StepRecord.Columns))}";

    private sealed class Division(ImmutableArray<RowColumn> outputs, ImmutableArray<int> places) : BoundStep(outputs)
    {
        public override ImmutableArray<int> Origins
        {
            get
            {
                int[] origins = [.. Enumerable.Range(0, Outputs.Length)];
                foreach (int place in places)
                    origins[place] = -1;
                return [.. origins];
            }
        }

        public override void Apply(ReadOnlySpan<double> rows, Span<double> target, int count)
        {
            int width = Outputs.Length;
            rows[..(count * width)].CopyTo(target);
            for (int row = 0; row < count; row++)
            {
                Span<double> values = target.Slice(row * width, width);
                // Relative to the greatest, so that no square leaves float64.
                double greatest = 0, sum = 0;
                foreach (int place in places)
                    greatest = Math.Max(greatest, Math.Abs(values[place]));
                if (greatest == 0)
                    continue;
                foreach (int place in places)
                    sum = Math.FusedMultiplyAdd(values[place] / greatest, values[place] / greatest, sum);
                double root = Math.Sqrt(sum);
                foreach (int place in places)
                    values[place] = values[place] / greatest / root;
            }
        }
    }
}
