using System.Collections.Immutable;
using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Numerics.Selection;

/// <summary>What a criterion says of a number of clusters.</summary>
/// <param name="Criterion">Which.</param>
/// <param name="Value">NaN where it says nothing: most compare at least two clusters.</param>
/// <param name="StandardError">Of a value that is estimated from a sample; else NaN.</param>
public sealed record CriterionValue(SelectionCriterion Criterion, double Value, double StandardError = double.NaN);

/// <summary>One number of clusters that was tried.</summary>
/// <param name="K">The number asked for.</param>
/// <param name="Start">The restart that was best, from 0.</param>
/// <param name="Objective">Of that restart.</param>
/// <param name="Values">What each criterion says of it.</param>
public sealed record SelectionTrial(int K, int Start, double Objective, ImmutableArray<CriterionValue> Values)
{
    /// <summary>The value of a criterion; NaN where it says nothing.</summary>
    public double Value(SelectionCriterion criterion) => Values.FirstOrDefault(value => value.Criterion == criterion)?.Value ?? double.NaN;

    /// <summary>The trial that a criterion prefers, the first of equal ones; −1 when it says nothing of any.</summary>
    public static int Choose(IReadOnlyList<SelectionTrial> trials, SelectionCriterion criterion)
    {
        ArgumentNullException.ThrowIfNull(trials);
        return Best([.. trials.Select(trial => trial.Value(criterion))], criterion.MoreIsBetter());
    }

    /// <summary>
    /// The place of the best of several values, the first of equal ones; −1 when there is none. NaN is no value, and the worst that there can be is no reason
    /// to choose.
    /// </summary>
    /// <param name="values">What a criterion says.</param>
    /// <param name="moreIsBetter">Whether a greater one is better.</param>
    public static int Best(ReadOnlySpan<double> values, bool moreIsBetter)
    {
        int chosen = -1;
        double best = moreIsBetter ? double.NegativeInfinity : double.PositiveInfinity;
        for (int i = 0; i < values.Length; i++)
        {
            if (moreIsBetter ? values[i] > best : values[i] < best)
                (chosen, best) = (i, values[i]);
        }

        return chosen;
    }

    internal void Write(ByteWriter writer)
    {
        writer.Int32(K);
        writer.Int32(Start);
        writer.Double(Objective);
        writer.Int32(Values.Length);
        foreach (CriterionValue value in Values)
        {
            writer.Byte((byte)value.Criterion);
            writer.Double(value.Value);
            writer.Double(value.StandardError);
        }
    }

    internal static SelectionTrial Read(ByteReader reader)
    {
        (int k, int start, double objective) = (reader.Int32(), reader.Int32(), reader.Double());
        var values = ImmutableArray.CreateBuilder<CriterionValue>();
        for (int left = reader.Length(17); left > 0; left--)
            values.Add(new CriterionValue((SelectionCriterion)reader.Byte(), reader.Double(), reader.Double()));
        return new SelectionTrial(k, start, objective, values.ToImmutable());
    }
}
