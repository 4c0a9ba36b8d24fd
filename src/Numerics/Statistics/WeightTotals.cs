namespace OrleansCluster.Numerics.Statistics;

/// <summary>What the weights of rows mean where rows are counted: in criteria. Values are part of the format.</summary>
public enum WeightMeaning : byte
{
    /// <summary>A row of weight w is w equal rows.</summary>
    Count = 1,

    /// <summary>Only how rows compare: a common factor changes nothing.</summary>
    Relative = 2,
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

    /// <summary>
    /// How many rows they stand for: their sum where they are counts, else the effective sample size (Σ w)² / Σ w² (Kish, Survey Sampling, 1965),
    /// which is the number of rows when all weigh the same.
    /// </summary>
    public double Size(WeightMeaning meaning) => meaning == WeightMeaning.Count ? Sum : Sum / Squares * Sum;

    /// <summary>With one row more; of a row without weight, as they are.</summary>
    internal WeightTotals With(double weight) => weight == 0 ? this : new WeightTotals(
        Rows + 1, Sum + weight, Math.FusedMultiplyAdd(weight, weight, Squares), Fractions + (weight == Math.Floor(weight) ? 0 : 1));

    /// <summary>Those of these rows and of others that follow.</summary>
    internal WeightTotals With(WeightTotals other) => new(Rows + other.Rows, Sum + other.Sum, Squares + other.Squares, Fractions + other.Fractions);

    /// <summary>Whether <see cref="Size"/> can be told in float64.</summary>
    public bool HasSize(WeightMeaning meaning) => meaning == WeightMeaning.Count || (Squares >= LeastSquares && double.IsFinite(Squares));

    /// <summary>Why they can be no counts, and what that touches; null when they can, or are not said to be.</summary>
    /// <param name="meaning">What they are said to be.</param>
    /// <param name="criteria">What takes them for that: <c>BIC, AIC and ICL</c>.</param>
    public string? Contradiction(WeightMeaning meaning, string criteria)
    {
        if (meaning != WeightMeaning.Count)
            return null;
        string? why = Sum < Rows ? $"add up to {Sum:R}, but {Rows} rows have one"
            : Fractions > 0 ? $"are no whole numbers in {Fractions} of {Rows} rows"
            : null;
        return why is null ? null : $"The weights {why}: they do not count rows, which is what {criteria} take them for. Say so with --weights relative, or give counts.";
    }
}
