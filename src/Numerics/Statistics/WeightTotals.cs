namespace OrleansCluster.Numerics.Statistics;

/// <summary>What the weights of rows mean where rows are counted: in criteria. Values are part of the format.</summary>
public enum WeightMeaning : byte
{
    /// <summary>A row of weight w is w equal rows.</summary>
    Count = 1,

    /// <summary>Only how rows compare: a common factor changes nothing.</summary>
    Relative = 2,

    /// <summary>Counts, unless their sum can be none: if it is less than there are rows, relative.</summary>
    Either = 3,
}

/// <summary>The weights of rows, summed.</summary>
/// <param name="Rows">Rows of positive weight.</param>
/// <param name="Sum">Σ w.</param>
/// <param name="Squares">Σ w².</param>
/// <param name="Fractions">Rows whose weight is no whole number.</param>
public readonly record struct WeightTotals(long Rows, double Sum, double Squares, long Fractions)
{
    /// <summary>A sum of squares below this has lost digits.</summary>
    private const double LeastSquares = 1e-280;

    /// <summary>Whether they only say how rows compare.</summary>
    public bool AreRelative(WeightMeaning meaning) => meaning == WeightMeaning.Relative || (meaning == WeightMeaning.Either && Sum < Rows);

    /// <summary>
    /// How many rows they stand for: their sum where they are counts, else the effective sample size (Σ w)² / Σ w² (Kish, Survey Sampling, 1965),
    /// which is the number of rows when all weigh the same.
    /// </summary>
    public double Size(WeightMeaning meaning) => AreRelative(meaning) ? Sum / Squares * Sum : Sum;

    /// <summary>What makes the weights add up to <see cref="Size"/>; 1 where they do.</summary>
    public double Scale(WeightMeaning meaning) => AreRelative(meaning) ? Size(meaning) / Sum : 1;

    /// <summary>Those of some rows.</summary>
    public static WeightTotals Of(ReadOnlySpan<double> weights)
    {
        WeightTotals totals = default;
        foreach (double weight in weights)
            totals = totals.With(weight);
        return totals;
    }

    /// <summary>With one row more; of a row without weight, as they are.</summary>
    internal WeightTotals With(double weight) => weight == 0 ? this : new WeightTotals(
        Rows + 1, Sum + weight, Math.FusedMultiplyAdd(weight, weight, Squares), Fractions + (weight == Math.Floor(weight) ? 0 : 1));

    /// <summary>Those of these rows and of others that follow.</summary>
    internal WeightTotals With(WeightTotals other) => new(Rows + other.Rows, Sum + other.Sum, Squares + other.Squares, Fractions + other.Fractions);

    /// <summary>Whether <see cref="Size"/> can be told in float64.</summary>
    public bool HasSize(WeightMeaning meaning) => !AreRelative(meaning) || (Squares >= LeastSquares && double.IsFinite(Squares));

    /// <summary>Why they can be no counts, and what was made of that; null when they can, or are said to be none.</summary>
    /// <param name="meaning">What they are said to be.</param>
    /// <param name="criteria">What weighs rows by their number: <c>BIC, AIC and ICL</c>.</param>
    public string? Contradiction(WeightMeaning meaning, string criteria)
    {
        if (meaning == WeightMeaning.Relative)
            return null;
        string? why = Sum < Rows ? $"add up to {Sum:R}, but {Rows} rows have one"
            : Fractions > 0 ? $"are no whole numbers in {Fractions} of {Rows} rows"
            : null;
        if (why is null)
            return null;
        return AreRelative(meaning)
            ? $"The weights {why}: they cannot count rows, so {criteria} take them for relative ones. Say so with --weights relative."
            : $"The weights {why}: they do not count rows, which is what {criteria} take them for. Say so with --weights relative, or give counts.";
    }
}
