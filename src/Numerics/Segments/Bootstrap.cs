using OrleansCluster.Numerics.Randomness;

namespace OrleansCluster.Numerics.Segments;

/// <summary>A figure, and where it lies with 95 % confidence; NaN: that cannot be told.</summary>
public sealed record FigureInterval(string Name, double Value, double Low, double High);

/// <summary>
/// Intervals of figures that have no closed one, by drawing rows again with replacement (Efron, 1979). The draws are counter-based, so that the same rows in
/// the same order have the same intervals.
/// </summary>
public static class Bootstrap
{
    /// <summary>How often rows are drawn again.</summary>
    public const int Resamples = 1000;

    /// <summary>
    /// Most rows that are drawn from. Of more, one of every so many in the order of the scores stands for them, and deviations shrink by the root of the
    /// ratio (Bickel, Götze and van Zwet, 1997).
    /// </summary>
    public const int MostRows = 10_000;

    private const double Tail = 0.025;
    private const uint Key0 = 0x7365676D, Key1 = 0x656E7473;

    /// <summary>The figures of rows with their intervals: Wilson's of shares, the normal one of mean absolute errors, else the bootstrap's.</summary>
    /// <param name="rows">All rows.</param>
    /// <param name="ordered">Which of them, as <see cref="OutcomeRows.InOrder"/> has them.</param>
    public static IReadOnlyList<FigureInterval> Of(OutcomeRows rows, int[] ordered)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(ordered);
        OutcomeFigures figures = rows.Of(ordered);
        IReadOnlyList<(string Name, double Value)> named = figures.Named();
        double[][]? deviations = null;
        var intervals = new FigureInterval[named.Count];
        for (int i = 0; i < intervals.Length; i++)
        {
            (string name, double value) = named[i];
            if (double.IsNaN(value))
                intervals[i] = new FigureInterval(name, value, double.NaN, double.NaN);
            else if (figures.Share(name) is { } share)
                intervals[i] = new FigureInterval(name, value, share.Interval().Low, share.Interval().High);
            else if (name == "mae")
                intervals[i] = new FigureInterval(name, value, figures.Errors.Interval().Low, figures.Errors.Interval().High);
            else
                intervals[i] = Drawn(name, value, (deviations ??= Deviations(rows, ordered))[i]);
        }

        return intervals;
    }

    /// <summary>
    /// Percentiles of what was drawn. Calibration errors are taken the other way round (the basic bootstrap): drawing again makes them greater, as chance made
    /// the figure itself.
    /// </summary>
    private static FigureInterval Drawn(string name, double value, double[] deviations)
    {
        double[] known = [.. deviations.Where(one => !double.IsNaN(one)).Order()];
        if (known.Length < Resamples / 2)
            return new FigureInterval(name, value, double.NaN, double.NaN);
        (double low, double high) = (Percentile(known, Tail), Percentile(known, 1 - Tail));
        if (name == "calibration_error")
            (low, high) = (-high, -low);
        double greatest = name == "rmse" ? double.PositiveInfinity : 1;
        return new FigureInterval(name, value, Math.Clamp(value + low, 0, greatest), Math.Clamp(value + high, 0, greatest));
    }

    /// <summary>Of each figure: how far it is, of rows that were drawn again, from that of the rows they were drawn from.</summary>
    private static double[][] Deviations(OutcomeRows rows, int[] ordered)
    {
        int[] from = ordered.Length <= MostRows ? ordered : Some(ordered);
        double scale = Math.Sqrt((double)from.Length / ordered.Length);
        IReadOnlyList<(string Name, double Value)> centre = rows.Of(from).Named();
        double[][] deviations = [.. centre.Select(_ => new double[Resamples])];
        var times = new int[from.Length];
        for (int resample = 0; resample < Resamples; resample++)
        {
            Draw(times, (uint)resample);
            foreach ((int figure, (_, double value)) in rows.Of(from, times).Named().Index())
                deviations[figure][resample] = (value - centre[figure].Value) * scale;
        }

        return deviations;
    }

    /// <summary>One row of each of as many parts of about the same length, at a random place in it.</summary>
    private static int[] Some(int[] ordered)
    {
        var some = new int[MostRows];
        for (int i = 0; i < MostRows; i++)
        {
            int first = (int)((long)i * ordered.Length / MostRows), next = (int)((i + 1L) * ordered.Length / MostRows);
            some[i] = ordered[first + Place(Philox.Block((uint)i, 0, 1, 0, Key0, Key1).W0, next - first)];
        }

        return some;
    }

    /// <summary>How often each row is drawn: as many draws as rows, each row as likely as any other.</summary>
    private static void Draw(int[] times, uint resample)
    {
        Array.Clear(times);
        for (int i = 0; i < times.Length; i += 4)
        {
            (uint a, uint b, uint c, uint d) = Philox.Block((uint)(i / 4), resample, 0, 0, Key0, Key1);
            times[Place(a, times.Length)]++;
            if (i + 1 < times.Length)
                times[Place(b, times.Length)]++;
            if (i + 2 < times.Length)
                times[Place(c, times.Length)]++;
            if (i + 3 < times.Length)
                times[Place(d, times.Length)]++;
        }
    }

    private static int Place(uint word, int count) => (int)(((ulong)word * (uint)count) >> 32);

    /// <summary>As <c>numpy.percentile</c>: between neighbours on a line.</summary>
    internal static double Percentile(double[] sorted, double share)
    {
        double at = share * (sorted.Length - 1);
        int below = (int)Math.Floor(at);
        return sorted[below] + ((at - below) * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]));
    }
}
