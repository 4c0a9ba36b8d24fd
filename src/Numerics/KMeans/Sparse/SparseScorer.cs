using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.KMeans.Worker;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.KMeans.Sparse;

/// <summary>
/// Finds the nearest centre of one sparse row after the other: by float32 scores; among centres that those do not tell apart, by float64 scores; among those
/// that are left, by canonical distances, of equal ones the lowest index. The scratch of one thread.
/// </summary>
internal sealed unsafe class SparseScorer(SparseBlock rows, SparseCentres centres)
{
    private const int SliceRows = 1024;

    private readonly double[] _values = new double[rows.LongestRow];
    private readonly float[] _narrow = new float[rows.LongestRow];
    private readonly float[] _scores = new float[centres.Padded];
    private readonly double[] _wide = new double[centres.K];
    private int _row = -1;
    private double _squaredNorm;

    /// <summary>Rows that canonical distances decided.</summary>
    public long Unsure { get; private set; }

    /// <summary>The nearest centres of all rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="centres">The centres.</param>
    /// <param name="labels">Out: one a row.</param>
    /// <param name="work">Where slices run.</param>
    /// <returns>Rows that canonical distances decided.</returns>
    public static long Label(SparseBlock rows, SparseCentres centres, int[] labels, Work work)
    {
        long unsure = 0;
        work.Parallel.For((rows.Rows + SliceRows - 1) / SliceRows, slice =>
        {
            work.Cancellation.ThrowIfCancellationRequested();
            var scorer = new SparseScorer(rows, centres);
            for (int row = slice * SliceRows; row < Math.Min(rows.Rows, (slice + 1) * SliceRows); row++)
                labels[row] = scorer.Nearest(row);
            Interlocked.Add(ref unsure, scorer.Unsure);
        });
        return unsure;
    }

    /// <summary>The nearest centre of a row.</summary>
    public int Nearest(int row)
    {
        if (centres.K == 1)
            return 0;
        SparseCertificate certificate = Score(row);
        (int best, float least, float second) = Least();
        if ((double)second - least > certificate.Narrow)
            return best;
        return Settle(certificate, double.IsFinite(certificate.Narrow) ? least + certificate.Narrow : double.PositiveInfinity);
    }

    /// <summary>Whether a row's nearest centre, which <see cref="Nearest"/> found last, may be nearer than another distance.</summary>
    public bool MayBeNearer(int row, int centre, double squared)
    {
        SparseCertificate certificate = Score(row);
        const double Margin = 1.0 / (1 << 30);
        double scaled = Math.ScaleB(squared, 2 * centres.ScaleExponent);
        double least = (_squaredNorm * (1 - Margin)) + (2.0 * _scores[centre]) - certificate.Narrow;
        // Where numbers are near to vanishing nothing is certain.
        return !(scaled > 1e-100 && least * (1 - Margin) >= scaled * (1 + Margin));
    }

    /// <summary>The canonical distance of a row.</summary>
    public double Squared(int row, int centre)
    {
        Take(row);
        ReadOnlySpan<uint> columns = rows.ColumnsOf(row);
        return centres.DistanceTo(centre).Squared(columns, _values.AsSpan(0, columns.Length));
    }

    private void Take(int row)
    {
        if (_row == row)
            return;
        int count = rows.ColumnsOf(row).Length;
        rows.CopyValues(row, _values);
        double squared = 0, scale = centres.Scale;
        for (int i = 0; i < count; i++)
        {
            double scaled = _values[i] * scale;
            _narrow[i] = (float)scaled;
            squared = Math.FusedMultiplyAdd(scaled, scaled, squared);
        }

        (_squaredNorm, _row) = (squared, row);
        ReadOnlySpan<uint> columns = rows.ColumnsOf(row);
        fixed (uint* c = columns)
        fixed (float* values = _narrow, table = centres.Table, halves = centres.Halves, scores = _scores)
            Score(table, centres.Padded, halves, c, values, count, scores);
    }

    private SparseCertificate Score(int row)
    {
        Take(row);
        return centres.Certificate(rows.ColumnsOf(row).Length, SparseCertificate.NormOf(_squaredNorm));
    }

    /// <summary>½|c|² − x·c of all centres.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Score(float* table, int padded, float* halves, uint* columns, float* values, int count, float* scores)
    {
        const int Together = 4 * SparseCentres.Lanes;
        int first = 0;
        for (; first <= padded - (2 * Together); first += 2 * Together)
        {
            float* half = halves + first, score = scores + first;
            Vector256<float> a = Vector256.Load(half), b = Vector256.Load(half + 8), c = Vector256.Load(half + 16), d = Vector256.Load(half + 24),
                e = Vector256.Load(half + 32), f = Vector256.Load(half + 40), g = Vector256.Load(half + 48), h = Vector256.Load(half + 56);
            for (int i = 0; i < count; i++)
            {
                float* centre = table + ((long)columns[i] * padded) + first;
                Vector256<float> value = Vector256.Create(-values[i]);
                a = Vector256.FusedMultiplyAdd(value, Vector256.Load(centre), a);
                b = Vector256.FusedMultiplyAdd(value, Vector256.Load(centre + 8), b);
                c = Vector256.FusedMultiplyAdd(value, Vector256.Load(centre + 16), c);
                d = Vector256.FusedMultiplyAdd(value, Vector256.Load(centre + 24), d);
                e = Vector256.FusedMultiplyAdd(value, Vector256.Load(centre + 32), e);
                f = Vector256.FusedMultiplyAdd(value, Vector256.Load(centre + 40), f);
                g = Vector256.FusedMultiplyAdd(value, Vector256.Load(centre + 48), g);
                h = Vector256.FusedMultiplyAdd(value, Vector256.Load(centre + 56), h);
            }

            a.Store(score);
            b.Store(score + 8);
            c.Store(score + 16);
            d.Store(score + 24);
            e.Store(score + 32);
            f.Store(score + 40);
            g.Store(score + 48);
            h.Store(score + 56);
        }

        for (; first <= padded - Together; first += Together)
        {
            Vector256<float> a = Vector256.Load(halves + first), b = Vector256.Load(halves + first + 8), c = Vector256.Load(halves + first + 16),
                d = Vector256.Load(halves + first + 24);
            for (int i = 0; i < count; i++)
            {
                float* centre = table + ((long)columns[i] * padded) + first;
                Vector256<float> value = Vector256.Create(-values[i]);
                a = Vector256.FusedMultiplyAdd(value, Vector256.Load(centre), a);
                b = Vector256.FusedMultiplyAdd(value, Vector256.Load(centre + 8), b);
                c = Vector256.FusedMultiplyAdd(value, Vector256.Load(centre + 16), c);
                d = Vector256.FusedMultiplyAdd(value, Vector256.Load(centre + 24), d);
            }

            a.Store(scores + first);
            b.Store(scores + first + 8);
            c.Store(scores + first + 16);
            d.Store(scores + first + 24);
        }

        for (; first < padded; first += SparseCentres.Lanes)
        {
            Vector256<float> sum = Vector256.Load(halves + first);
            for (int i = 0; i < count; i++)
                sum = Vector256.FusedMultiplyAdd(Vector256.Create(-values[i]), Vector256.Load(table + ((long)columns[i] * padded) + first), sum);
            sum.Store(scores + first);
        }
    }

    /// <summary>The least score and the second least.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private (int Best, float Least, float Second) Least()
    {
        Vector256<float> least = Vector256.Create(float.PositiveInfinity), second = least;
        Vector256<int> place = default;
        ref float scores = ref MemoryMarshal.GetArrayDataReference(_scores);
        for (int first = 0; first < _scores.Length; first += SparseCentres.Lanes)
        {
            Vector256<float> score = Vector256.LoadUnsafe(ref scores, (nuint)first);
            Vector256<float> less = Vector256.LessThan(score, least);
            second = Vector256.Min(second, Vector256.Max(score, least));
            place = Vector256.ConditionalSelect(less.AsInt32(), Vector256.Create(first), place);
            least = Vector256.Min(least, score);
        }

        (int best, float lowest, float next) = (0, float.PositiveInfinity, float.PositiveInfinity);
        for (int lane = 0; lane < SparseCentres.Lanes; lane++)
        {
            float score = least.GetElement(lane);
            next = Math.Min(next, Math.Min(second.GetElement(lane), Math.Max(score, lowest)));
            if (score < lowest)
                (best, lowest) = (place.GetElement(lane) + lane, score);
        }

        return (best, lowest, next);
    }

    /// <summary>Decides among the centres of scores up to a limit.</summary>
    private int Settle(SparseCertificate certificate, double limit)
    {
        ReadOnlySpan<uint> columns = rows.ColumnsOf(_row);
        int best = 0;
        double least = double.PositiveInfinity;
        for (int c = 0; c < centres.K; c++)
        {
            _wide[c] = double.PositiveInfinity;
            if (_scores[c] > limit)
                continue;
            ReadOnlySpan<double> centre = centres.Of(c).Span;
            double score = centres.WideHalves[c];
            for (int i = 0; i < columns.Length; i++)
                score = Math.FusedMultiplyAdd(-(_values[i] * centres.Scale), centre[(int)columns[i]] * centres.Scale, score);
            _wide[c] = score;
            if (score < least)
                (best, least) = (c, score);
        }

        bool certain = double.IsFinite(certificate.Wide);
        for (int c = 0; c < centres.K && certain; c++)
            certain &= c == best || _wide[c] - least > certificate.Wide;
        if (certain)
            return best;
        Unsure++;
        (best, double nearest) = (-1, double.PositiveInfinity);
        for (int c = 0; c < centres.K; c++)
        {
            // Beyond what scores can tell every centre counts.
            bool counts = !double.IsFinite(certificate.Wide) ? !(_scores[c] > limit) : _wide[c] - least <= certificate.Wide;
            if (!counts)
                continue;
            double squared = Squared(_row, c);
            if (best < 0 || squared < nearest)
                (best, nearest) = (c, squared);
        }

        return best;
    }
}
