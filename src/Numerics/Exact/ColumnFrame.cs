namespace OrleansCluster.Numerics.Exact;

/// <summary>
/// Where the columns of a dataset lie and on which grid their sums are exact: per column an origin and the exponent of its half range,
/// and one exponent for weights. Built from the ranges of the rows of positive weight, so that a row of weight zero is absent.
/// </summary>
/// <remarks>
/// With E(v) the least integer with 2^E ≥ v: o = min + (max − min) / 2, H = max(|max − o|, |min − o|), all in float64;
/// e_w = max(E(W) − 62, E(w) − 50) for the greatest total weight W of a shard and the greatest weight w of a row; e_j = E(H_j) + e_w.
/// A value counts as q = roundToEven((w · (x − o)) · 2^−e_j), |q| ≤ 2^50; a weight as roundToEven(w · 2^−e_w). Sums over a shard stay within 2^62 plus half its
/// rows.
/// </remarks>
public sealed class ColumnFrame
{
    /// <summary>Greatest exponent of a half range: squared distances must stay finite.</summary>
    public const int GreatestRangeExponent = 400;

    /// <summary>Greatest exponent, up and down, of the greatest row weight.</summary>
    public const int GreatestWeightExponent = 400;

    private readonly double[] _origins;
    private readonly int[] _rangeExponents;
    private readonly double[] _scales;
    private readonly double[] _secondScales;
    private readonly double _weightScale;

    private ColumnFrame(double[] origins, int[] rangeExponents, int weightExponent)
    {
        (_origins, _rangeExponents, WeightExponent) = (origins, rangeExponents, weightExponent);
        _scales = new double[origins.Length];
        _secondScales = new double[origins.Length];
        SingleScale = true;
        for (int j = 0; j < origins.Length; j++)
        {
            int exponent = -(rangeExponents[j] + weightExponent);
            // A column of denormal values asks for a factor beyond 2^1023: two factors, both exact.
            _scales[j] = Math.ScaleB(1, Math.Min(exponent, 1000));
            _secondScales[j] = Math.ScaleB(1, Math.Max(0, exponent - 1000));
            SingleScale &= _secondScales[j] == 1;
        }

        _weightScale = Math.ScaleB(1, -weightExponent);
    }

    public int Columns => _origins.Length;

    /// <summary>o_j: what is subtracted from column j before anything is summed.</summary>
    public ReadOnlySpan<double> Origins => _origins;

    /// <summary>E(H_j): no |x − o_j| exceeds 2 to this power; −400 for a constant column.</summary>
    public ReadOnlySpan<int> RangeExponents => _rangeExponents;

    /// <summary>e_w: weights are counted in units of 2 to this power.</summary>
    public int WeightExponent { get; }

    /// <summary>First factor of 2^−e_j.</summary>
    public ReadOnlySpan<double> Scales => _scales;

    /// <summary>Second factor of 2^−e_j: 1 unless the column is of denormal values.</summary>
    public ReadOnlySpan<double> SecondScales => _secondScales;

    /// <summary>Whether every <see cref="SecondScales"/> is 1.</summary>
    public bool SingleScale { get; }

    /// <summary>2^−e_w.</summary>
    public double WeightScale => _weightScale;

    /// <summary>The frame of rows with these ranges.</summary>
    /// <param name="minima">Least value of each column over the rows of positive weight.</param>
    /// <param name="maxima">Greatest value of each column over the rows of positive weight.</param>
    /// <param name="greatestWeight">Greatest weight of a row, above 0.</param>
    /// <param name="greatestShardWeight">Greatest total weight of a shard, rounded up.</param>
    /// <exception cref="TrainingException">A column is too wide, or weights too large or small, for float64 arithmetic; the message says what to
    /// do.</exception>
    public static ColumnFrame FromRanges(ReadOnlySpan<double> minima, ReadOnlySpan<double> maxima, double greatestWeight, double greatestShardWeight)
    {
        if (minima.Length != maxima.Length)
            throw new ArgumentException($"{minima.Length} minima for {maxima.Length} maxima.");
        int rowExponent = Binary.CeilingExponent(greatestWeight);
        if (Math.Abs(rowExponent) > GreatestWeightExponent || greatestWeight == 0)
            throw new TrainingException($"The greatest row weight is {greatestWeight:R}: multiply all weights by a constant, so that it is near 1.");
        int weightExponent = Math.Max(Binary.CeilingExponent(greatestShardWeight) - 62, rowExponent - 50);
        var origins = new double[minima.Length];
        var exponents = new int[minima.Length];
        for (int j = 0; j < origins.Length; j++)
        {
            double origin = minima[j] + ((maxima[j] - minima[j]) * 0.5);
            double half = Math.Max(Math.Abs(maxima[j] - origin), Math.Abs(minima[j] - origin));
            if (!double.IsFinite(half) || Binary.CeilingExponent(half) > GreatestRangeExponent)
                throw TrainingException.OfColumn(j, $" reaches from {minima[j]:R} to {maxima[j]:R}, too far for squared distances: divide it by a constant.");
            origins[j] = origin;
            exponents[j] = half == 0 ? -GreatestRangeExponent : Binary.CeilingExponent(half);
        }

        return new ColumnFrame(origins, exponents, weightExponent);
    }

    /// <summary>A frame from its stored parts.</summary>
    internal static ColumnFrame FromParts(double[] origins, int[] rangeExponents, int weightExponent)
        => new(origins, rangeExponents, weightExponent);

    /// <summary>
    /// What row value <paramref name="x"/> of weight <paramref name="weight"/> adds to column <paramref name="column"/>'s sum, in units of 2^e_j.
    /// </summary>
    public long Quantize(int column, double x, double weight)
    {
        double product = weight * (x - _origins[column]);
        return (long)Math.Round(product * _scales[column] * _secondScales[column], MidpointRounding.ToEven);
    }

    /// <summary>What a row's weight adds to its cluster's weight, in units of 2^e_w.</summary>
    public long QuantizeWeight(double weight) => (long)Math.Round(weight * _weightScale, MidpointRounding.ToEven);

    /// <summary>The mean of column <paramref name="column"/>: o_j + fl(sum / weight) · 2^E(H_j), the quotient correctly rounded.</summary>
    /// <param name="column">From 0.</param>
    /// <param name="sum">In units of 2^e_j.</param>
    /// <param name="weight">In units of 2^e_w, above 0.</param>
    public double Mean(int column, Int128 sum, Int128 weight)
        => _origins[column] + Binary.Scale(Binary.Divide(sum, weight), _rangeExponents[column]);

    /// <summary>A weight in units of 2^e_w as a number.</summary>
    public double WeightOf(Int128 units) => Math.ScaleB(Binary.ToDouble(units), WeightExponent);

    /// <summary>Whether both frames are the same to the bit.</summary>
    public bool SameAs(ColumnFrame other)
    {
        if (other.WeightExponent != WeightExponent || !other.RangeExponents.SequenceEqual(_rangeExponents) || other.Columns != Columns)
            return false;
        for (int j = 0; j < _origins.Length; j++)
        {
            if (BitConverter.DoubleToInt64Bits(_origins[j]) != BitConverter.DoubleToInt64Bits(other._origins[j]))
                return false;
        }

        return true;
    }
}
