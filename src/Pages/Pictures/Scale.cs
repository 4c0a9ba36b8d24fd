namespace OrleansCluster.Pages.Pictures;

/// <summary>Where values are on an axis.</summary>
internal readonly struct Scale
{
    private readonly double _low;
    private readonly double _perUnit;
    private readonly double _start;

    /// <param name="low">Least value.</param>
    /// <param name="high">Greatest value.</param>
    /// <param name="start">Where the least one is.</param>
    /// <param name="end">Where the greatest one is.</param>
    public Scale(double low, double high, double start, double end)
    {
        (Low, High) = high > low ? (low, high) : (low - 0.5, low + 0.5);
        (_low, _start, _perUnit) = (Low, start, (end - start) / (High - Low));
    }

    public double Low { get; }

    public double High { get; }

    /// <summary>Where a value is.</summary>
    public double this[double value] => _start + ((value - _low) * _perUnit);

    /// <summary>The range of values that are finite, with some room at both ends.</summary>
    public static (double Low, double High) Range(IEnumerable<double> values, double room = 0.04)
    {
        (double low, double high) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (double value in values.Where(double.IsFinite))
            (low, high) = (Math.Min(low, value), Math.Max(high, value));
        return low > high ? (0, 1) : (low - (room * (high - low)), high + (room * (high - low)));
    }

    /// <summary>Round values to write at an axis, about as many as asked for.</summary>
    public double[] Ticks(int about)
    {
        double rough = (High - Low) / Math.Max(1, about), power = 1;
        while (power * 10 <= rough)
            power *= 10;
        while (power > rough && power > double.Epsilon * 1e20)
            power /= 10;
        double step = (rough / power) switch { <= 1 => power, <= 2 => 2 * power, <= 5 => 5 * power, _ => 10 * power };
        double first = Math.Ceiling(Low / step);
        return [.. Enumerable.Range(0, Math.Max(0, (int)Math.Min(50, Math.Floor(High / step) - first + 1))).Select(i => (first + i) * step)];
    }
}
