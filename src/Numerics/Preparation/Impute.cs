using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>
/// <c>impute=mean|median|most-frequent</c>, or a number: what stands for missing values. Mean and median fill in numbers, booleans and times; the most
/// frequent value, of equal ones the least, also categories. A mean is weighted; the others count rows of positive weight.
/// </summary>
internal sealed class Impute() : StepKind("impute")
{
    private const string Mean = "mean", Median = "median", MostFrequent = "most-frequent", Values = "values", Texts = "categories";

    /// <summary>Whole numbers of which the most frequent one is found.</summary>
    private const int MostDistinct = 65_536;

    public override ImmutableArray<ColumnType> Takes => [ColumnType.Number, ColumnType.Category, ColumnType.Boolean, ColumnType.Time];

    public override bool IsValue(string text) =>
        text is Mean or Median or MostFrequent
            || (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number));

    public override void Check(StepRequest request)
    {
        base.Check(request);
        if (request.Value.Length == 0)
            throw request.Refuse("takes mean, median, most-frequent or a number: impute=median");
    }

    public override IEnumerable<FitPass> Fit(StepRequest request, StepFit fit)
    {
        ImmutableArray<int> places = Columns(request, fit.Columns);
        var values = new double[places.Length];
        Array.Fill(values, request.Number() ?? 0);
        if (!places.IsEmpty && request.Value == Mean)
        {
            var moments = new ColumnMoments(fit, places);
            foreach (FitPass pass in moments.AskMeans())
                yield return pass;
            values = moments.Means;
        }
        else if (!places.IsEmpty && request.Value == Median)
        {
            var quantiles = new ColumnQuantiles(fit, [.. places.Select(place => (place, 0.5))]);
            foreach (FitPass pass in quantiles.Ask())
                yield return pass;
            values = quantiles.Values;
        }
        else if (!places.IsEmpty && request.Value == MostFrequent)
        {
            foreach (FitPass pass in AskMostFrequent(fit, places, values))
                yield return pass;
        }

        // A category goes by its text: another dataset has its texts in other places. The text of a time is for people.
        IEnumerable<string> texts = places.Select((place, index) => fit.Columns[place].Type switch
        {
            ColumnType.Category => fit.Columns[place].Categories[(int)values[index]],
            ColumnType.Time => ShownTime.Of(values[index]),
            _ => "",
        });
        fit.Result = new StepRecord(Name, fit.Rows).With(StepRecord.Columns, NamesOf(places, fit)).With(Values, values).With(Texts, texts);
    }

    public override BoundStep Bind(StepRecord record, ImmutableArray<RowColumn> columns)
    {
        ImmutableArray<int> places = Places(record, columns);
        double[] values = [.. record.NumbersOf(Values, places.Length)];
        ImmutableArray<string> texts = record.TextsOf(Texts);
        RowColumn[] outputs = [.. columns];
        for (int i = 0; i < values.Length; i++)
        {
            if (columns[places[i]].Type != ColumnType.Category)
                continue;
            // The text may be none of the rows at hand.
            ImmutableArray<string> known = columns[places[i]].Categories;
            values[i] = known.IndexOf(texts[i]) is >= 0 and var code ? code : known.Length;
            outputs[places[i]] = columns[places[i]] with { Categories = values[i] < known.Length ? known : known.Add(texts[i]) };
        }

        return new ColumnwiseStep([.. outputs], places,
            [MethodImpl(MethodImplOptions.AggressiveOptimization)] (index, value) => double.IsNaN(value) ? values[index] : value);
    }

    public override string Tell(StepRecord record)
    {
        ImmutableArray<string> columns = record.TextsOf(StepRecord.Columns), texts = record.TextsOf(Texts);
        ImmutableArray<double> values = record.NumbersOf(Values);
        IEnumerable<string> filled = columns.Select(
            (column, i) => texts[i].Length > 0 ? $"{column} {texts[i]}" : FormattableString.Invariant($"{column} {values[i]}"));
        return $"fill missing values in: {List([.. filled])}";
    }

    private ImmutableArray<int> Columns(StepRequest request, ImmutableArray<RowColumn> columns)
    {
        if (request.Columns.IsEmpty)
        {
            ColumnType[] types = request.Value switch
            {
                MostFrequent => [.. Takes],
                Mean or Median => [ColumnType.Number, ColumnType.Boolean, ColumnType.Time],
                _ => [ColumnType.Number],
            };
            return [.. Enumerable.Range(0, columns.Length).Where(column => types.Contains(columns[column].Type))];
        }

        ImmutableArray<int> places = Places(request, columns);
        foreach (int place in places)
        {
            if (columns[place].Type == ColumnType.Category && request.Value != MostFrequent)
                throw request.Refuse($"fills in the category '{columns[place].Name}' with its most frequent value only: impute=most-frequent");
        }

        return places;
    }

    private static IEnumerable<FitPass> AskMostFrequent(StepFit fit, ImmutableArray<int> places, double[] values)
    {
        var moments = new ColumnMoments(fit, places);
        foreach (FitPass pass in moments.AskRanges())
            yield return pass;
        for (int j = 0; j < places.Length; j++)
        {
            if (Math.Floor(moments.Minima[j]) != moments.Minima[j] || !(moments.Maxima[j] - moments.Minima[j] < MostDistinct)
                || Math.Abs(moments.Minima[j]) > 1L << 53)
                throw NotCounted(fit, places[j]);
        }

        long[] lengths = [.. places.Select((_, j) => (long)(moments.Maxima[j] - moments.Minima[j]) + 1)];
        var tally = new FitPass(FitQuestion.Tallies, places, [], [.. lengths.SelectMany((length, j) => new[] { (long)moments.Minima[j], length })]);
        yield return tally;
        var counts = fit.Told<ExactTotals>();
        int[] begins = FitPasses.TallyPlaces(tally);
        for (int j = 0; j < places.Length; j++)
        {
            if (counts[begins[j] + 1] > 0)
                throw NotCounted(fit, places[j]);
            ImmutableArray<string> texts = fit.Columns[places[j]].Categories;
            int[] order = [.. Enumerable.Range(0, (int)lengths[j])];
            if (fit.Columns[places[j]].Type == ColumnType.Category)
                Array.Sort(order, (a, b) => string.CompareOrdinal(texts[a + (int)moments.Minima[j]], texts[b + (int)moments.Minima[j]]));
            int best = order[0];
            foreach (int value in order)
                best = counts[begins[j] + 2 + value] > counts[begins[j] + 2 + best] ? value : best;
            values[j] = moments.Minima[j] + best;
        }
    }

    private static TrainingException NotCounted(StepFit fit, int column) => fit.Refuse(
        column, FormattableString.Invariant(
            $"has fractions, or whole numbers {MostDistinct} or more apart, of which the most frequent is not looked for: fill in with impute=median."));
}
