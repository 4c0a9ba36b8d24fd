using OrleansCluster.Numerics.Evaluation;

namespace OrleansCluster.Numerics.Alignment;

/// <summary>
/// The clusters that both versions give to the same anchor rows, a fixed sample kept with the model.
/// A label of −1 means: this version gives the row none; such rows are left out.
/// </summary>
/// <param name="Before">One cluster index of the earlier version a row.</param>
/// <param name="After">One cluster index of the new version a row.</param>
/// <param name="Weights">One weight a row (finite, ≥ 0), or empty: every row weighs 1.</param>
public sealed record AnchorLabels(ReadOnlyMemory<int> Before, ReadOnlyMemory<int> After, ReadOnlyMemory<double> Weights = default)
{
    /// <summary>Weight by old cluster (rows) and new cluster (columns).</summary>
    /// <exception cref="ArgumentException">The lengths do not agree or a label is out of range; the message names the row.</exception>
    internal ContingencyTable Table(int before, int after)
    {
        Require(Before.Span, before, "earlier");
        Require(After.Span, after, "new");
        ContingencyStatistic statistic = new();
        bool weighted = Weights.Length != 0;
        if (Before.Length != After.Length || (weighted && Weights.Length != Before.Length))
            throw new ArgumentException($"{Before.Length} and {After.Length} labels and {Weights.Length} weights of the same anchor rows.");
        for (int i = 0; i < Before.Length; i++)
        {
            if (Before.Span[i] >= 0 && After.Span[i] >= 0)
                statistic.Accumulate(Before.Span[i], After.Span[i], weighted ? Weights.Span[i] : 1);
        }

        return statistic.Finish(before, after);
    }

    /// <summary>Σ w² over the rows that both versions label.</summary>
    internal double SumOfSquares()
    {
        double sum = 0;
        for (int i = 0; i < Before.Length; i++)
        {
            double weight = Before.Span[i] < 0 || After.Span[i] < 0 ? 0 : Weights.Length == 0 ? 1 : Weights.Span[i];
            sum += weight * weight;
        }

        return sum;
    }

    private static void Require(ReadOnlySpan<int> labels, int count, string version)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            if (labels[i] < -1 || labels[i] >= count)
                throw new ArgumentException($"Anchor row {i} has the label {labels[i]} in the {version} version, which has {count} clusters.");
        }
    }
}
