namespace OrleansCluster.Numerics.Preparation;

/// <summary>
/// Where a falling function is 0, a value at a time: steps that double until the root is between two points, then the secant with halved weights (Illinois).
/// </summary>
internal sealed class RootSearch
{
    private readonly double _bound;
    private readonly double _precision;
    private (double X, double Value)? _low;
    private (double X, double Value)? _high;
    private double _step = 0.5;
    private int _side;
    private double _last;

    /// <param name="start">Where to begin.</param>
    /// <param name="bound">The root is looked for within ±this.</param>
    /// <param name="precision">How near two points are that are one.</param>
    public RootSearch(double start, double bound, double precision) => (Next, _last, _bound, _precision) = (start, start, bound, precision);

    /// <summary>The point whose value is wanted; the root, when it is found.</summary>
    public double Next { get; private set; }

    public bool IsDone { get; set; }

    /// <summary>Takes the value at <see cref="Next"/>.</summary>
    public void Take(double value)
    {
        if (!double.IsFinite(value))
        {
            // Farther than float64 reaches: the last point that it reached is as good as any.
            (Next, IsDone) = (_last, true);
            return;
        }

        _last = Next;
        if (value == 0 || (Math.Abs(Next) >= _bound && (value > 0) == (Next > 0)))
        {
            IsDone = true;
            return;
        }

        int side = value > 0 ? -1 : 1;
        if (side < 0)
            _low = (Next, value);
        else
            _high = (Next, value);
        if (_low is not { } low || _high is not { } high)
        {
            Next = Math.Clamp(Next - (side * _step), -_bound, _bound);
            _step *= 2;
            return;
        }

        // The end that stays again counts half, so that it moves in the end.
        if (_side == side && side < 0)
            _high = high = (high.X, high.Value / 2);
        else if (_side == side)
            _low = low = (low.X, low.Value / 2);
        _side = side;
        double next = low.X + ((high.X - low.X) * (low.Value / (low.Value - high.Value)));
        IsDone = high.X - low.X <= _precision || Math.Abs(next - Next) <= _precision;
        Next = next;
    }
}
