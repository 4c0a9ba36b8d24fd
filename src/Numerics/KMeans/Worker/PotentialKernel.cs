using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans.Assign;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.KMeans.Worker;

/// <summary>
/// Σ w·D, each term rounded once to a grid (<see cref="FixedPoint"/>), a vector of terms at a time: in three parts of 40 bits, which adding 1.5 · 2^52
/// multiples of their unit rounds to, and whose sums are the bits' sums.
/// </summary>
internal abstract unsafe class PotentialKernel
{
    /// <summary>Most rows of a call: sums of the greatest part stay within 2^62.</summary>
    public const int MostRows = 1 << 12;

    /// <summary>Candidates of a block of <see cref="Candidates"/>.</summary>
    public const int Block = 8;

    /// <summary>Rows whose distances are summed side by side: one alone would wait for itself at every column.</summary>
    public const int RowsTogether = 4;

    /// <summary>Σ w·D.</summary>
    /// <param name="terms">D and weights, at most <see cref="MostRows"/>.</param>
    public abstract Int128 Sum(Terms terms);

    /// <summary>Adds Σ w · min(D, D(row, candidate)) of each candidate.</summary>
    /// <param name="rows">count × d.</param>
    /// <param name="terms">D and weights of the rows, at most <see cref="MostRows"/>.</param>
    /// <param name="candidates">The candidates.</param>
    /// <param name="scratch">Room for <see cref="RowsTogether"/> × d values.</param>
    /// <param name="sums">One a candidate.</param>
    public abstract void Add(float* rows, Terms terms, Candidates candidates, double* scratch, Span<Int128> sums);

    /// <inheritdoc cref="Add(float*, Terms, Candidates, double*, Span{Int128})"/>
    public abstract void Add(double* rows, Terms terms, Candidates candidates, double* scratch, Span<Int128> sums);

    /// <summary>Adds w·D of each row to the sum of its label.</summary>
    /// <param name="terms">D and weights, at most <see cref="MostRows"/>.</param>
    /// <param name="labels">One a row, each in 0 … sums − 1.</param>
    /// <param name="sums">One a label.</param>
    public abstract void AddByLabel(Terms terms, ReadOnlySpan<int> labels, Span<Int128> sums);

    /// <summary>What is summed.</summary>
    /// <param name="count">Number of rows.</param>
    /// <param name="squared">D of each.</param>
    /// <param name="weights">w of each; null: 1.</param>
    /// <param name="weightScale">2^−e_w: a row whose weight is at most half a unit does not count.</param>
    /// <param name="unit">Exponent of the grid of w·D.</param>
    public readonly struct Terms(int count, double* squared, double* weights, double weightScale, int unit)
    {
        public int Count { get; } = count;

        public double* Squared { get; } = squared;

        public double* Weights { get; } = weights;

        public double WeightScale { get; } = weightScale;

        public int Unit { get; } = unit;

        /// <summary>A row's weight; 0 when it does not count.</summary>
        public double Weight(int row)
        {
            double weight = Weights == null ? 1 : Weights[row];
            return weight * WeightScale > 0.5 ? weight : 0;
        }
    }

    /// <summary>A few candidates as the kernel wants them: in blocks of eight (block, column, candidate), zero where there is none.</summary>
    public sealed class Candidates
    {
        private readonly double[] _blocks;

        /// <param name="values">t × d, row-major.</param>
        /// <param name="columns">d.</param>
        public Candidates(double[] values, int columns)
        {
            (Count, Columns) = (values.Length / columns, columns);
            _blocks = new double[(Count + Block - 1) / Block * Block * columns];
            for (int c = 0; c < Count; c++)
            {
                for (int j = 0; j < columns; j++)
                    _blocks[(((c / Block * columns) + j) * Block) + (c % Block)] = values[(c * columns) + j];
            }
        }

        public int Count { get; }

        public int Columns { get; }

        public ReadOnlySpan<double> Blocks => _blocks;
    }

    /// <summary>The kernel of one width.</summary>
    public static PotentialKernel For(SimdWidth width) => width switch
    {
        SimdWidth.V512 => new PotentialKernel<DoubleLanes512, Vector512<double>>(),
        SimdWidth.V256 => new PotentialKernel<DoubleLanes256, Vector256<double>>(),
        SimdWidth.V128 => new PotentialKernel<DoubleLanes128, Vector128<double>>(),
        _ => new PotentialKernel<DoubleLanesScalar, double>(),
    };
}

/// <inheritdoc/>
internal sealed unsafe class PotentialKernel<TLanes, TVector> : PotentialKernel
    where TLanes : struct, IRealLanes<TVector>
    where TVector : struct
{
    /// <summary>1.5 · 2^52: see <see cref="SumKernel"/>.</summary>
    private const double Rounder = 6755399441055744.0;

    private const int Parts = 3;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override Int128 Sum(Terms terms)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(terms.Count, MostRows);
        if (terms.Weights == null && terms.Weight(0) == 0)
            return 0;
        Int128 total = 0;
        int whole = FixedPoint.HasParts(terms.Unit) ? terms.Count - (terms.Count % TLanes.Width) : 0;
        if (whole > 0)
        {
            TVector highest = Round(terms.Unit, 2), middle = Round(terms.Unit, 1), lowest = Round(terms.Unit, 0);
            TVector scale = TLanes.Broadcast(terms.WeightScale), half = TLanes.Broadcast(0.5), zero = TLanes.Broadcast(0);
            TVector s2 = zero, s1 = zero, s0 = zero;
            for (int i = 0; i < whole; i += TLanes.Width)
            {
                TVector value = TLanes.Load(terms.Squared + i);
                if (terms.Weights != null)
                {
                    TVector weight = TLanes.Load(terms.Weights + i);
                    value = TLanes.SelectLess(half, TLanes.Multiply(weight, scale), TLanes.Multiply(weight, value), zero);
                }

                Take(value, highest, middle, lowest, ref s2, ref s1, ref s0);
            }

            double* bits = stackalloc double[Parts * TLanes.Width];
            Store(bits, s2, s1, s0);
            for (int lane = 0; lane < TLanes.Width; lane++)
                total += Total(bits + lane, whole / TLanes.Width, terms.Unit);
        }

        for (int i = whole; i < terms.Count; i++)
            total += FixedPoint.FromDouble(terms.Weight(i) * terms.Squared[i], terms.Unit);
        return total;
    }

    public override void Add(float* rows, Terms terms, Candidates candidates, double* scratch, Span<Int128> sums)
        => AddAll(rows, terms, candidates, scratch, sums);

    public override void Add(double* rows, Terms terms, Candidates candidates, double* scratch, Span<Int128> sums)
        => AddAll(rows, terms, candidates, scratch, sums);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void AddByLabel(Terms terms, ReadOnlySpan<int> labels, Span<Int128> sums)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(terms.Count, MostRows);
        int whole = FixedPoint.HasParts(terms.Unit) ? terms.Count - (terms.Count % TLanes.Width) : 0;
        // Of each label the sums of the three parts' bits, and how many there are.
        long[] taken = new long[4 * sums.Length];
        double* rounded = stackalloc double[Parts * TLanes.Width];
        double* values = stackalloc double[TLanes.Width];
        TVector highest = Round(terms.Unit, 2), middle = Round(terms.Unit, 1), lowest = Round(terms.Unit, 0), zero = TLanes.Broadcast(0);
        for (int i = 0; i < whole; i += TLanes.Width)
        {
            for (int lane = 0; lane < TLanes.Width; lane++)
                values[lane] = terms.Weight(i + lane) * terms.Squared[i + lane];
            TVector s2 = zero, s1 = zero, s0 = zero;
            Take(TLanes.Load(values), highest, middle, lowest, ref s2, ref s1, ref s0);
            Store(rounded, s2, s1, s0);
            for (int lane = 0; lane < TLanes.Width; lane++)
            {
                Span<long> own = taken.AsSpan(4 * labels[i + lane], 4);
                own[0] += BitConverter.DoubleToInt64Bits(rounded[lane]);
                own[1] += BitConverter.DoubleToInt64Bits(rounded[TLanes.Width + lane]);
                own[2] += BitConverter.DoubleToInt64Bits(rounded[(2 * TLanes.Width) + lane]);
                own[3]++;
            }
        }

        double* bits = stackalloc double[Parts * TLanes.Width];
        for (int label = 0; label < sums.Length; label++)
        {
            for (int part = 0; part < Parts; part++)
                bits[part * TLanes.Width] = BitConverter.Int64BitsToDouble(taken[(4 * label) + part]);
            sums[label] += Total(bits, (int)taken[(4 * label) + 3], terms.Unit);
        }

        for (int i = whole; i < terms.Count; i++)
            sums[labels[i]] += FixedPoint.FromDouble(terms.Weight(i) * terms.Squared[i], terms.Unit);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddAll<T>(T* rows, Terms terms, Candidates candidates, double* scratch, Span<Int128> sums)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(terms.Count, MostRows);
        int d = candidates.Columns;
        bool hasParts = FixedPoint.HasParts(terms.Unit);
        int vectors = (candidates.Count + TLanes.Width - 1) / TLanes.Width;
        double[] sumsOfBits = new double[vectors * Parts * TLanes.Width];
        TVector highest = Round(terms.Unit, 2), middle = Round(terms.Unit, 1), lowest = Round(terms.Unit, 0);
        double* values = stackalloc double[TLanes.Width];
        double* least = stackalloc double[RowsTogether];
        double* weight = stackalloc double[RowsTogether];
        int groups = 0;
        fixed (double* blocks = candidates.Blocks, bits = sumsOfBits)
        {
            for (int i = 0; i < terms.Count; i += RowsTogether, groups++)
            {
                int size = Math.Min(RowsTogether, terms.Count - i);
                double* row = Rows(rows, i, size, d, scratch);
                for (int r = 0; r < RowsTogether; r++)
                    (least[r], weight[r]) = r < size ? (terms.Squared[i + r], terms.Weight(i + r)) : (0, 0);
                for (int v = 0; v < vectors; v++)
                {
                    int lane = v * TLanes.Width;
                    double* block = blocks + (lane / Block * Block * d) + (lane % Block);
                    TVector s0 = TLanes.Broadcast(0), s1 = s0, s2 = s0, s3 = s0;
                    double* x = row;
                    for (int j = 0; j < d; j++, block += Block, x++)
                    {
                        TVector centre = TLanes.Load(block);
                        TVector d0 = TLanes.Subtract(TLanes.Broadcast(x[0]), centre);
                        TVector d1 = TLanes.Subtract(TLanes.Broadcast(x[d]), centre);
                        TVector d2 = TLanes.Subtract(TLanes.Broadcast(x[2 * d]), centre);
                        TVector d3 = TLanes.Subtract(TLanes.Broadcast(x[3 * d]), centre);
                        s0 = TLanes.FusedMultiplyAdd(d0, d0, s0);
                        s1 = TLanes.FusedMultiplyAdd(d1, d1, s1);
                        s2 = TLanes.FusedMultiplyAdd(d2, d2, s2);
                        s3 = TLanes.FusedMultiplyAdd(d3, d3, s3);
                    }

                    s0 = Left(s0, least[0], weight[0]);
                    s1 = Left(s1, least[1], weight[1]);
                    s2 = Left(s2, least[2], weight[2]);
                    s3 = Left(s3, least[3], weight[3]);
                    if (hasParts)
                    {
                        double* own = bits + (v * Parts * TLanes.Width);
                        TVector t2 = TLanes.Load(own), t1 = TLanes.Load(own + TLanes.Width), t0 = TLanes.Load(own + (2 * TLanes.Width));
                        Take(s0, highest, middle, lowest, ref t2, ref t1, ref t0);
                        Take(s1, highest, middle, lowest, ref t2, ref t1, ref t0);
                        Take(s2, highest, middle, lowest, ref t2, ref t1, ref t0);
                        Take(s3, highest, middle, lowest, ref t2, ref t1, ref t0);
                        Store(own, t2, t1, t0);
                        continue;
                    }

                    int inUse = Math.Min(TLanes.Width, candidates.Count - lane);
                    AddEach(s0, values, terms.Unit, sums.Slice(lane, inUse));
                    AddEach(s1, values, terms.Unit, sums.Slice(lane, inUse));
                    AddEach(s2, values, terms.Unit, sums.Slice(lane, inUse));
                    AddEach(s3, values, terms.Unit, sums.Slice(lane, inUse));
                }
            }

            for (int c = 0; c < candidates.Count && hasParts; c++)
                sums[c] += Total(bits + (c / TLanes.Width * Parts * TLanes.Width) + (c % TLanes.Width), RowsTogether * groups, terms.Unit);
        }
    }

    /// <summary>w · min(D, least).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Left(TVector squared, double least, double weight)
    {
        TVector known = TLanes.Broadcast(least);
        return TLanes.Multiply(TLanes.Broadcast(weight), TLanes.SelectLess(squared, known, squared, known));
    }

    private static void AddEach(TVector terms, double* values, int unit, Span<Int128> sums)
    {
        TLanes.Store(terms, values);
        for (int lane = 0; lane < sums.Length; lane++)
            sums[lane] += FixedPoint.FromDouble(values[lane], unit);
    }

    /// <summary>Four rows, widened; the last again where there are fewer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double* Rows<T>(T* rows, int first, int size, int columns, double* scratch)
        where T : unmanaged
    {
        if (typeof(T) == typeof(double) && size == RowsTogether)
            return (double*)rows + ((long)first * columns);
        for (int r = 0; r < RowsTogether; r++)
        {
            T* row = rows + ((long)(first + Math.Min(r, size - 1)) * columns);
            double* target = scratch + (r * columns);
            int j = 0;
            for (; j <= columns - TLanes.Width; j += TLanes.Width)
                TLanes.Store(typeof(T) == typeof(float) ? TLanes.Load((float*)row + j) : TLanes.Load((double*)row + j), target + j);
            for (; j < columns; j++)
                target[j] = typeof(T) == typeof(float) ? ((float*)row)[j] : ((double*)row)[j];
        }

        return scratch;
    }

    /// <summary>What rounds to multiples of a part's unit when it is added; where float64 does not reach that far, nobody adds it.</summary>
    private static TVector Round(int unit, int part) => TLanes.Broadcast(Rounder * Math.ScaleB(1, unit + (part * FixedPoint.PartBits)));

    /// <summary>Takes a term apart and adds the bits of its rounded parts.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(TVector value, TVector highest, TVector middle, TVector lowest, ref TVector s2, ref TVector s1, ref TVector s0)
    {
        TVector rounded = TLanes.Add(value, highest);
        s2 = TLanes.AddBits(s2, rounded);
        value = TLanes.Subtract(value, TLanes.Subtract(rounded, highest));
        rounded = TLanes.Add(value, middle);
        s1 = TLanes.AddBits(s1, rounded);
        value = TLanes.Subtract(value, TLanes.Subtract(rounded, middle));
        s0 = TLanes.AddBits(s0, TLanes.Add(value, lowest));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(double* bits, TVector s2, TVector s1, TVector s0)
    {
        TLanes.Store(s2, bits);
        TLanes.Store(s1, bits + TLanes.Width);
        TLanes.Store(s0, bits + (2 * TLanes.Width));
    }

    /// <summary>The sum that a lane's bits are of.</summary>
    /// <param name="bits">Of the lane: its three parts, a vector apart.</param>
    /// <param name="terms">How many terms were added.</param>
    /// <param name="unit">Exponent of the grid.</param>
    private static Int128 Total(double* bits, int terms, int unit)
    {
        Int128 total = 0;
        for (int part = Parts - 1; part >= 0; part--)
        {
            long bias = BitConverter.DoubleToInt64Bits(Rounder * Math.ScaleB(1, unit + (part * FixedPoint.PartBits)));
            total = (total << FixedPoint.PartBits) + unchecked(BitConverter.DoubleToInt64Bits(bits[(Parts - 1 - part) * TLanes.Width]) - (terms * bias));
        }

        return total;
    }
}
