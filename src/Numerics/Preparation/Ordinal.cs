using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>
/// <c>ordinal</c>: a category becomes its place among the texts of the training rows in their order, from 0. One that was not among them becomes −1; a
/// missing one stays missing.
/// </summary>
internal sealed class Ordinal() : StepKind("ordinal")
{
    private const string Categories = "categories", Counts = "counts";

    public override ImmutableArray<ColumnType> Takes => [ColumnType.Category];

    protected override ImmutableArray<ColumnType> Types => Takes;

    public override IEnumerable<FitPass> Fit(StepRequest request, StepFit fit)
    {
        ImmutableArray<int> places = Places(request, fit.Columns);
        fit.Result = new StepRecord(Name).With(StepRecord.Columns, NamesOf(places, fit))
            .With(Categories, places.SelectMany(place => fit.Columns[place].Categories.Order(StringComparer.Ordinal)))
            .With(Counts, places.Select(place => (double)fit.Columns[place].Categories.Length));
        yield break;
    }

    public override BoundStep Bind(StepRecord record, ImmutableArray<RowColumn> columns)
    {
        ImmutableArray<int> places = Places(record, columns);
        ImmutableArray<double> counts = record.NumbersOf(Counts, places.Length);
        ImmutableArray<string> texts = record.TextsOf(Categories);
        var ranks = new double[places.Length][];
        for (int j = 0, first = 0; j < places.Length; first += (int)counts[j++])
        {
            string[] known = [.. texts.AsSpan(first, (int)counts[j])];
            ranks[j] = [.. columns[places[j]].Categories.Select(text => Math.Max(-1.0, Array.BinarySearch(known, text, StringComparer.Ordinal)))];
        }

        return new ColumnwiseStep(AsNumbers(columns, places), places,
            [MethodImpl(MethodImplOptions.AggressiveOptimization)] (index, value) => double.IsNaN(value) ? value : ranks[index][(int)value]);
    }

    public override string Tell(StepRecord record) => $"number the categories of {List(record.TextsOf(StepRecord.Columns))}";
}
