using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Functions;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>
/// <c>cycle</c> or <c>cycle=hour+weekday+month:when</c>: parts of a time in UTC, each as sin and cos of its place in the circle: hour of 24, weekday of 7
/// from Monday on, month of 12. December is as near to January as to November. A missing time is missing in all.
/// </summary>
internal sealed class DateCycle() : StepKind("cycle")
{
    private const string Parts = "parts", All = "hour+weekday+month";
    private const double Day = 86_400;

    public override ImmutableArray<ColumnType> Takes => [ColumnType.Time];

    protected override ImmutableArray<ColumnType> Types => Takes;

    public override bool IsValue(string text)
    {
        string[] parts = text.Split('+');
        return parts.All(part => PartOf(part) is not null) && parts.Distinct().Count() == parts.Length;
    }

    public override IEnumerable<FitPass> Fit(StepRequest request, StepFit fit)
    {
        fit.Result = new StepRecord(Name).With(StepRecord.Columns, NamesOf(Places(request, fit.Columns), fit))
            .With(Parts, (request.Value.Length == 0 ? All : request.Value).Split('+'));
        yield break;
    }

    public override BoundStep Bind(StepRecord record, ImmutableArray<RowColumn> columns)
    {
        ImmutableArray<int> places = [.. Places(record, columns).Order()];
        string[] parts = [.. record.TextsOf(Parts)];
        (Func<double, int> Place, (double Sine, double Cosine)[] Circle)[] cycles =
        [
            .. parts.Select(part => PartOf(part) is (var place, var length)
                ? (place, Enumerable.Range(0, length).Select(at => Near.OfCircle(at, length)).ToArray())
                : throw new InvalidDataException($"There is no part '{part}' of a time.")),
        ];
        return new ExpandingStep(
            ExpandingStep.Columns(
                columns, places, index =>
                parts.SelectMany(part => new[] { $"{columns[places[index]].Name} {part} sin", $"{columns[places[index]].Name} {part} cos" })),
            columns.Length,
            places,
            [.. places.Select(_ => 2 * parts.Length)],
            [MethodImpl(MethodImplOptions.AggressiveOptimization)] (_, value, target) =>
            {
                for (int i = 0; i < cycles.Length; i++)
                {
                    (target[2 * i], target[(2 * i) + 1]) = double.IsNaN(value) ? (value, value) : cycles[i].Circle[cycles[i].Place(value)];
                }
            });
    }

    public override string Tell(StepRecord record) =>
        $"{string.Join(", ", record.TextsOf(Parts))} of {List(record.TextsOf(StepRecord.Columns))}, as places in a circle";

    private static (Func<double, int> Place, int Length)? PartOf(string part) => part switch
    {
        "hour" => (seconds => (int)Math.Floor((seconds - (Math.Floor(seconds / Day) * Day)) / 3600), 24),
        // 1970-01-01 was a Thursday.
        "weekday" => (seconds => (int)(Days(seconds) + 3 - (7 * Math.Floor((Days(seconds) + 3) / 7))), 7),
        "month" => (seconds => Month((long)Days(seconds)), 12),
        _ => null,
    };

    private static double Days(double seconds) => Math.Floor(seconds / Day);

    /// <summary>The month, from 0, of a day since 1970-01-01 in the Gregorian calendar (Hinnant's days_to_civil).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Month(long days)
    {
        long shifted = days + 719_468;
        long era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097;
        long ofEra = shifted - (era * 146_097);
        long yearOfEra = (ofEra - (ofEra / 1460) + (ofEra / 36_524) - (ofEra / 146_096)) / 365;
        long ofYear = ofEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        long fromMarch = ((5 * ofYear) + 2) / 153;
        return (int)((fromMarch + 2) % 12);
    }
}
