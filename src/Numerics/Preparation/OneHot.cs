using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>
/// <c>onehot</c> or <c>onehot=country:20</c>: for each category a column that is 1 in its rows and 0 elsewhere, in the order of their texts. At most that
/// many (50 when nobody says) are columns, the most frequent ones, of equal ones the first; the others are one column together. A category that was not in
/// the training rows belongs there too, and where there is no such column, it and a missing value are 0 in all of them. Values of a centre are shares of its
/// rows.
/// </summary>
internal sealed class OneHot() : StepKind("onehot")
{
    private const int Most = 50;
    private const string Categories = "categories", Counts = "counts", Others = "others";

    public override ImmutableArray<ColumnType> Takes => [ColumnType.Category];

    protected override ImmutableArray<ColumnType> Types => Takes;

    public override bool IsValue(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size > 0;

    public override IEnumerable<FitPass> Fit(StepRequest request, StepFit fit)
    {
        ImmutableArray<int> places = Places(request, fit.Columns);
        int most = request.Size(Most);
        var tally = new FitPass(FitQuestion.Tallies, places, [], [.. places.SelectMany(place => new[] { 0L, fit.Columns[place].Categories.Length })]);
        if (!places.IsEmpty)
            yield return tally;
        int[] begins = FitPasses.TallyPlaces(tally);
        List<string> texts = [];
        List<double> counts = [], others = [];
        long rows = 0;
        for (int j = 0; j < places.Length; j++)
        {
            var told = fit.Told<ExactTotals>();
            ImmutableArray<string> known = fit.Columns[places[j]].Categories;
            (string Text, long Rows)[] seen =
            [
                .. known.Select((text, code) => (text, (long)told[begins[j] + 2 + code])).Where(one => one.Item2 > 0)
                    .OrderByDescending(one => one.Item2).ThenBy(one => one.text, StringComparer.Ordinal),
            ];
            string[] kept = [.. seen.Take(most).Select(one => one.Text).Order(StringComparer.Ordinal)];
            texts.AddRange(kept);
            counts.Add(kept.Length);
            others.Add(seen.Length > most ? 1 : 0);
            rows = seen.Sum(one => one.Rows) + (long)told[begins[j]];
        }

        fit.Result = new StepRecord(Name, rows).With(StepRecord.Columns, NamesOf(places, fit)).With(Categories, texts).With(Counts, counts)
            .With(Others, others);
    }

    public override BoundStep Bind(StepRecord record, ImmutableArray<RowColumn> columns)
    {
        string[] names = [.. record.TextsOf(StepRecord.Columns)];
        ImmutableArray<double> counts = record.NumbersOf(Counts, names.Length), others = record.NumbersOf(Others, names.Length);
        ImmutableArray<string> texts = record.TextsOf(Categories);
        var of = new Dictionary<int, (string[] Texts, bool Others)>();
        for (int j = 0, first = 0; j < names.Length; first += (int)counts[j++])
            of[Places(record, columns)[j]] = ([.. texts.AsSpan(first, (int)counts[j])], others[j] > 0);
        ImmutableArray<int> places = [.. of.Keys.Order()];
        var targets = new int[places.Length][];
        for (int index = 0; index < places.Length; index++)
        {
            (string[] known, bool hasOthers) = of[places[index]];
            targets[index] = [.. columns[places[index]].Categories
                .Select(text => Array.BinarySearch(known, text, StringComparer.Ordinal) is >= 0 and var at ? at : hasOthers ? known.Length : -1)];
        }

        ImmutableArray<int> widths = [.. places.Select(place => of[place].Texts.Length + (of[place].Others ? 1 : 0))];
        return new ExpandingStep(
            ExpandingStep.Columns(columns, places, index => Named(columns[places[index]].Name, of[places[index]].Texts, of[places[index]].Others)),
            columns.Length,
            places,
            widths,
            [MethodImpl(MethodImplOptions.AggressiveOptimization)] (index, value, target) =>
            {
                if (!double.IsNaN(value) && targets[index][(int)value] is >= 0 and var at)
                    target[at] = 1;
            });
    }

    public override string Tell(StepRecord record)
    {
        ImmutableArray<double> counts = record.NumbersOf(Counts), others = record.NumbersOf(Others);
        IEnumerable<string> told = record.TextsOf(StepRecord.Columns)
            .Select((column, j) => FormattableString.Invariant($"{column} ({counts[j]}{(others[j] > 0 ? " and the others" : "")})"));
        return $"one column a category: {List([.. told])}";
    }

    private static IEnumerable<string> Named(string column, string[] texts, bool others)
    {
        string rest = "other";
        while (texts.Contains(rest))
            rest += "s";
        return texts.Concat(others ? [rest] : Array.Empty<string>()).Select(text => $"{column}={text}");
    }
}
