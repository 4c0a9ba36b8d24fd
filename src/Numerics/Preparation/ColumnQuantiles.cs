using System.Collections.Immutable;
using System.Numerics;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>
/// Exact quantiles by counting: values are 64 digits in their own order, of which a pass tells 11 apart (of many columns fewer, so that counts stay few), and
/// the rank decides how each goes on. Linear between neighbours, as numpy's are by default. Rows of positive weight count, and count alike.
/// </summary>
/// <param name="fit">The step that asks.</param>
/// <param name="wanted">Columns with the shares wanted of each, within 0..1.</param>
internal sealed class ColumnQuantiles(StepFit fit, IReadOnlyList<(int Column, double Share)> wanted)
{
    /// <summary>Counts of a pass, at two values a column and quantile.</summary>
    private const int MostCounts = 1 << 22;

    private const int LeastBits = 4;

    /// <summary>The quantiles, in the order asked for.</summary>
    public double[] Values { get; } = new double[wanted.Count];

    /// <exception cref="TrainingException">A column has no value at all.</exception>
    public IEnumerable<FitPass> Ask()
    {
        var ranks = new Rank[wanted.Count * 2];
        int most = Math.Clamp(BitOperations.Log2((uint)Math.Max(1, MostCounts / Math.Max(1, ranks.Length))), LeastBits, FitPasses.DigitBits);
        for (int known = 0; known < 64;)
        {
            (int Column, ulong Digits)[] asked = known == 0
                ? [.. wanted.Select(one => (one.Column, 0UL)).Distinct()]
                : [.. ranks.Select(rank => (rank.Column, rank.Digits)).Distinct()];
            ImmutableArray<int> columns = [.. asked.Select(one => one.Column)];
            IEnumerable<long> digits = asked.Select(one => (long)one.Digits);
            yield return most == FitPasses.DigitBits ? new FitPass(FitQuestion.Digits, columns, [], [known, .. digits])
                : new FitPass(FitQuestion.FewDigits, columns, [], [most, known, .. digits]);
            var counts = fit.Told<ExactTotals>();
            // As many digits as were told apart: a fit that goes on may have been begun by a version that always took all.
            int width = counts.Length / asked.Length;
            Dictionary<(int, ulong), int> places = asked.Index().ToDictionary(one => (one.Item.Column, one.Item.Digits), one => one.Index);
            if (known == 0)
                Begin(ranks, places, counts, width);
            int bits = Math.Min(BitOperations.Log2((uint)width), 64 - known);
            for (int i = 0; i < ranks.Length; i++)
                ranks[i] = ranks[i].Descend(places[(ranks[i].Column, ranks[i].Digits)] * width, bits, counts);
            known += bits;
        }

        for (int i = 0; i < Values.Length; i++)
            Values[i] = Between(FitPasses.Value(ranks[2 * i].Digits), FitPasses.Value(ranks[(2 * i) + 1].Digits), ranks[2 * i].Weight);
    }

    private void Begin(Rank[] ranks, Dictionary<(int, ulong), int> places, ExactTotals counts, int width)
    {
        for (int i = 0; i < wanted.Count; i++)
        {
            int place = places[(wanted[i].Column, 0UL)] * width;
            long values = 0;
            for (int digit = 0; digit < width; digit++)
                values += (long)counts[place + digit];
            if (values == 0)
                throw fit.Refuse(wanted[i].Column, "has no value in any row that counts: leave it out.");
            double at = (values - 1) * wanted[i].Share;
            double below = Math.Floor(at);
            ranks[2 * i] = new Rank(wanted[i].Column, (long)below, at - below, 0);
            ranks[(2 * i) + 1] = ranks[2 * i] with { Left = Math.Min((long)below + 1, values - 1) };
        }
    }

    /// <summary>numpy's: from the nearer end, so that it never leaves the two values.</summary>
    private static double Between(double low, double high, double weight)
    {
        double step = high - low;
        return weight >= 0.5 ? high - (step * (1 - weight)) : low + (step * weight);
    }

    /// <summary>A value that is searched by its rank.</summary>
    /// <param name="Column">Its column.</param>
    /// <param name="Left">How many values that begin with the same digits are before it.</param>
    /// <param name="Weight">How far the quantile is from it to the next value.</param>
    /// <param name="Digits">Its digits, as far as they are known.</param>
    private readonly record struct Rank(int Column, long Left, double Weight, ulong Digits)
    {
        public Rank Descend(int place, int bits, ExactTotals counts)
        {
            long left = Left;
            int digit = 0;
            while (left >= (long)counts[place + digit])
                left -= (long)counts[place + digit++];
            return this with { Left = left, Digits = (Digits << bits) | (uint)digit };
        }
    }
}
