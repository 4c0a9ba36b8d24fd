using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>
/// <c>clip=0.01</c> or <c>clip=0.05..0.99</c>: values beyond the quantiles of these shares become the quantiles. One share is cut off at both ends.
/// </summary>
internal sealed class Clip() : StepKind("clip")
{
    private const string Least = "least", Greatest = "greatest";

    public override bool IsValue(string text) => Shares(text) is not null;

    public override void Check(StepRequest request)
    {
        base.Check(request);
        if (request.Value.Length == 0)
            throw request.Refuse(
                "takes a share below 0.5, cut off at both ends, or the shares of the least and the greatest value that stay: clip=0.01 or clip=0.05..0.99");
    }

    public override IEnumerable<FitPass> Fit(StepRequest request, StepFit fit)
    {
        ImmutableArray<int> places = Places(request, fit.Columns);
        (double low, double high) = Shares(request.Value)!.Value;
        var quantiles = new ColumnQuantiles(fit, [.. places.Select(place => (place, low)), .. places.Select(place => (place, high))]);
        if (!places.IsEmpty)
        {
            foreach (FitPass pass in quantiles.Ask())
                yield return pass;
        }

        fit.Result = new StepRecord(Name).With(StepRecord.Columns, NamesOf(places, fit))
            .With(Least, quantiles.Values[..places.Length]).With(Greatest, quantiles.Values[places.Length..]);
    }

    public override BoundStep Bind(StepRecord record, ImmutableArray<RowColumn> columns)
    {
        ImmutableArray<int> places = Places(record, columns);
        double[] least = [.. record.NumbersOf(Least, places.Length)], greatest = [.. record.NumbersOf(Greatest, places.Length)];
        return new ColumnwiseStep(columns, places,
            [MethodImpl(MethodImplOptions.AggressiveOptimization)] (index, value) =>
                value < least[index] ? least[index] : value > greatest[index] ? greatest[index] : value);
    }

    public override string Tell(StepRecord record) => $"clip {List(record.TextsOf(StepRecord.Columns))}";

    private static (double Low, double High)? Shares(string text)
    {
        string[] parts = text.Split("..");
        double[] shares = [.. parts
            .Select(part => double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double share) ? share : double.NaN)];
        return shares switch
        {
            [> 0 and < 0.5 and var both] => (both, 1 - both),
            [>= 0 and var low, <= 1 and var high] when low < high => (low, high),
            _ => null,
        };
    }
}
