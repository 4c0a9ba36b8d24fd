namespace OrleansCluster.Numerics.Monitoring;

/// <summary>The counts of a reference and of other rows in the same cells: those below all bins, each bin, those above.</summary>
internal sealed class Cells
{
    private const int Groups = 10;

    private Cells(double[] values, long[] before, long[] now) => (Values, Before, Now) = (values, before, now);

    /// <summary>What stands for the values of each cell, ascending.</summary>
    public double[] Values { get; }

    public long[] Before { get; }

    public long[] Now { get; }

    public static Cells Of(ValueBins bins, BinCounts before, BinCounts now)
    {
        (double first, double last) = bins.Count > 0 ? (bins.Middle(0), bins.Middle(bins.Count - 1)) : (0, 0);
        double below = Together(before.Below, before.BelowMean, now.Below, now.BelowMean, first);
        double above = Together(before.Above, before.AboveMean, now.Above, now.AboveMean, last);
        return new Cells(
            [below, .. Enumerable.Range(0, bins.Count).Select(bins.Middle), above], [before.Below, .. before.Bins, before.Above],
            [now.Below, .. now.Bins, now.Above]);
    }

    /// <summary>Neighbours in groups of at least a tenth of the reference: no logarithms of empty cells, no noise of 66 of them.</summary>
    public (long[] Before, long[] Now) Grouped()
    {
        long all = Before.Sum(), held = 0;
        var (before, now) = (new List<long>(), new List<long>());
        bool begun = false;
        for (int i = 0; i < Before.Length; i++)
        {
            if (!begun)
            {
                before.Add(0);
                now.Add(0);
                (begun, held) = (true, 0);
            }

            before[^1] += Before[i];
            now[^1] += Now[i];
            held += Before[i];
            begun = held * Groups < all;
        }

        // What is left over belongs to the last whole group.
        if (begun && before.Count > 1)
        {
            (before[^2], now[^2]) = (before[^2] + before[^1], now[^2] + now[^1]);
            before.RemoveAt(before.Count - 1);
            now.RemoveAt(now.Count - 1);
        }

        return ([.. before], [.. now]);
    }

    /// <summary>Mean and standard deviation of the cells' values.</summary>
    public (double Mean, double Deviation) Moments(long[] counts)
    {
        (double all, double sum, double squares) = (counts.Sum(), 0, 0);
        for (int i = 0; i < counts.Length; i++)
            sum += counts[i] * Values[i];
        double mean = all > 0 ? sum / all : double.NaN;
        for (int i = 0; i < counts.Length; i++)
            squares += counts[i] * (Values[i] - mean) * (Values[i] - mean);
        return (mean, all > 0 ? Math.Sqrt(squares / all) : 0);
    }

    public static double[] Shares(long[] counts)
    {
        double all = Math.Max(1, counts.Sum());
        return [.. counts.Select(count => count / all)];
    }

    private static double Together(long one, double mean, long other, double otherMean, double none) => (one, other) switch
    {
        (0, 0) => none,
        (0, _) => otherMean,
        (_, 0) => mean,
        _ => mean + ((otherMean - mean) * ((double)other / (one + other))),
    };
}
