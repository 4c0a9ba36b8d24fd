using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>
/// How far centres have travelled since bounds were begun. For each label c: the sum over steps of (the distance that c moved) +
/// (the greatest distance that any other centre moved), rounded up. A row labelled c comes to be no nearer to another centre than
/// to c while its slack exceeds that sum.
/// </summary>
internal sealed unsafe class Travel
{
    private readonly AlignedBuffer<float> _table = new();
    private readonly AlignedBuffer<float> _own = new();
    private readonly AlignedBuffer<float> _others = new();
    private readonly AlignedBuffer<float> _before = new();
    private double[] _sums = [];
    private double[] _ownSums = [];
    private double[] _otherSums = [];
    private ReadOnlyMemory<double> _moved;

    /// <summary>Number of centres.</summary>
    public int K { get; private set; }

    /// <summary>The sums, rounded up: one a label.</summary>
    public float* Table => _table.Pointer;

    /// <summary>What each label itself has of its sum: how far it travelled.</summary>
    public float* Own => _own.Pointer;

    /// <summary>The rest: the sum over steps of the greatest distance that any other centre moved.</summary>
    public float* Others => _others.Pointer;

    /// <summary><see cref="Others"/> as it was before the last step.</summary>
    public float* OthersBefore => _before.Pointer;

    /// <summary>How far each centre moved in the last step, rounded up.</summary>
    public ReadOnlySpan<double> Moved => _moved.Span;

    /// <summary>Begins with k centres that have not moved.</summary>
    public void Reset(int k)
    {
        K = k;
        if (_sums.Length < k)
            (_sums, _ownSums, _otherSums) = (new double[k], new double[k], new double[k]);
        Array.Clear(_sums);
        Array.Clear(_ownSums);
        Array.Clear(_otherSums);
        // Rows that fill a tile may bear the label of a centre that fills a panel.
        _table.Reserve(Math.Max(FloatLanes.TableRoom, (k + CentroidTable.Panel - 1) / CentroidTable.Panel * CentroidTable.Panel));
        _table.Span.Clear();
        _own.Reserve(k);
        _others.Reserve(k);
        _before.Reserve(k);
        _own.Span.Clear();
        _others.Span.Clear();
        _before.Span.Clear();
    }

    /// <summary>How far centres moved, rounded up; zero for those that are the same bits.</summary>
    /// <param name="from">k × d.</param>
    /// <param name="to">k × d.</param>
    /// <param name="scaleExponent">Distances are measured in coordinates multiplied by 2 to this power.</param>
    /// <param name="moved">Out: one a centre.</param>
    public static void Measure(ReadOnlySpan<double> from, ReadOnlySpan<double> to, int scaleExponent, Span<double> moved)
    {
        int d = from.Length / moved.Length;
        double factor = Math.ScaleB(1, scaleExponent);
        for (int c = 0; c < moved.Length; c++)
        {
            ReadOnlySpan<double> before = from.Slice(c * d, d), after = to.Slice(c * d, d);
            // 2^−20 covers the roundings of the sum; 1e-150 what vanishes when squared.
            moved[c] = MemoryMarshal.AsBytes(before).SequenceEqual(MemoryMarshal.AsBytes(after))
                ? 0
                : (Math.Sqrt(Squared(before, after, factor)) * (1 + (1.0 / (1 << 20)))) + 1e-150;
        }
    }

    /// <summary>Centres move.</summary>
    /// <param name="moved">How far, as <see cref="Measure"/> says: one a centre. Kept until they move again.</param>
    public void Advance(ReadOnlyMemory<double> moved)
    {
        _moved = moved;
        ReadOnlySpan<double> steps = moved.Span;
        double greatest = 0, second = 0;
        int farthest = 0;
        for (int c = 0; c < K; c++)
        {
            if (steps[c] > greatest)
                (second, greatest, farthest) = (greatest, steps[c], c);
            else if (steps[c] > second)
                second = steps[c];
        }

        _others.Span.CopyTo(_before.Span);
        for (int c = 0; c < K; c++)
        {
            double other = c == farthest ? second : greatest;
            _ownSums[c] = (_ownSums[c] + steps[c]) * (1 + (1.0 / (1L << 50)));
            _otherSums[c] = (_otherSums[c] + other) * (1 + (1.0 / (1L << 50)));
            (Own[c], Others[c]) = (Up(_ownSums[c]), Up(_otherSums[c]));
            _sums[c] = (_sums[c] + steps[c] + other) * (1 + (1.0 / (1L << 50)));
            Table[c] = Up(_sums[c]);
        }
    }

    /// <summary>|to − from|², scaled, up to rounding.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Squared(ReadOnlySpan<double> from, ReadOnlySpan<double> to, double factor)
    {
        int j = 0;
        Vector<double> sums = Vector<double>.Zero;
        for (; j <= from.Length - Vector<double>.Count; j += Vector<double>.Count)
        {
            Vector<double> steps = (new Vector<double>(to[j..]) - new Vector<double>(from[j..])) * factor;
            sums += steps * steps;
        }

        double sum = Vector.Sum(sums);
        for (; j < from.Length; j++)
        {
            double step = (to[j] - from[j]) * factor;
            sum += step * step;
        }

        return sum;
    }

    /// <summary>
    /// A sum of distances, rounded up and enlarged by 2^−18: a lead must also exceed the error of canonical distances, in proportion to them.
    /// </summary>
    internal static float Up(double sum) => sum == 0 ? 0 : MathF.BitIncrement((float)(sum * (1 + (1.0 / (1 << 18)))));
}
