using System.Numerics;
using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>Computes passes over a shard's rows. Rows of weight 0 are absent. Sums are integers, so that slices add up in any order.</summary>
internal static class FitPasses
{
    /// <summary>Binary digits of a value that one pass tells apart, unless it says fewer.</summary>
    public const int DigitBits = 11;

    /// <summary>Rows whose products are added in float64, in order, before they go to the grid.</summary>
    private const int ChunkRows = 2048;

    private const int SliceRows = 8192;

    /// <summary>Rows whose values, of 50 binary digits each, sum up in 62.</summary>
    private const int SumRows = 4096;

    /// <param name="pass">What to find out.</param>
    /// <param name="rows">Float64 rows of a shard.</param>
    /// <param name="parallel">Where slices run.</param>
    /// <param name="cancellation">Ends the pass between slices.</param>
    public static Statistic Compute(FitPass pass, RowBlock rows, IParallel parallel, CancellationToken cancellation = default)
        => Compute(pass, rows, new Cancellable(parallel, cancellation));

    private static Statistic Compute(FitPass pass, RowBlock rows, IParallel parallel) => pass.Question switch
    {
        FitQuestion.Ranges or FitQuestion.Bounds => Ranges(pass, rows, parallel),
        FitQuestion.Sums => Counted(
            rows, 3 * pass.Columns.Length, SumRows, parallel, (first, count, sums) => Sums(pass, rows, first, count, sums)),
        FitQuestion.Squares =>
            Summed(rows, pass.Columns.Length, SliceRows, parallel, (first, count, sums) => Squares(pass, rows, first, count, sums)),
        FitQuestion.Products => Summed(
            rows, pass.Columns.Length * (pass.Columns.Length + 1) / 2, ChunkRows, parallel, (first, count, sums) =>
                Products(pass, rows, first, count, sums)),
        FitQuestion.Digits => Counted(
            rows, pass.Columns.Length << DigitBits, LongRows(rows, parallel), parallel, (first, count, sums) =>
                Digits(pass, DigitBits, pass.Integers.AsSpan(), rows, first, count, sums)),
        FitQuestion.FewDigits => Counted(
            rows, pass.Columns.Length << (int)pass.Integers[0], LongRows(rows, parallel), parallel, (first, count, sums) =>
                Digits(pass, (int)pass.Integers[0], pass.Integers.AsSpan()[1..], rows, first, count, sums)),
        FitQuestion.Tallies => Counted(
            rows, TallyPlaces(pass)[^1], LongRows(rows, parallel), parallel, (first, count, sums) => Tallies(pass, rows, first, count, sums)),
        FitQuestion.Powers => Summed(
            rows, PowerSums.Count * pass.Columns.Length, SliceRows, parallel, (first, count, sums) =>
                PowerSums.Add(pass, rows, first, count, sums)),
        _ => throw new InvalidOperationException($"There is no pass for {pass.Question}."),
    };

    /// <summary>Where each column's tallies begin, and where the last one's end.</summary>
    public static int[] TallyPlaces(FitPass pass)
    {
        var places = new int[pass.Columns.Length + 1];
        for (int j = 0; j < pass.Columns.Length; j++)
            places[j + 1] = checked(places[j] + 2 + (int)pass.Integers[(2 * j) + 1]);
        return places;
    }

    /// <summary>A value as 64 digits that are in the order of values; zeros are equal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Ordered(double value)
    {
        long bits = BitConverter.DoubleToInt64Bits(value + 0.0);
        return (ulong)(bits ^ ((bits >> 63) | long.MinValue));
    }

    /// <summary>The value of such digits.</summary>
    public static double Value(ulong ordered)
    {
        long bits = (long)ordered;
        return BitConverter.Int64BitsToDouble(bits < 0 ? bits ^ long.MinValue : ~bits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static double WeightOf(RowBlock rows, int row) => rows.Weights.IsEmpty ? 1 : rows.Weights.Span[row];

    private static Ranges Ranges(FitPass pass, RowBlock rows, IParallel parallel)
    {
        var all = new Ranges(pass.Columns.Length) { GreatestShardWeight = TotalWeight(rows) };
        var gate = new Lock();
        Sliced(rows, SliceRows, parallel, (first, count) =>
        {
            var ranges = new Ranges(pass.Columns.Length);
            Range(pass, rows, first, count, ranges);
            lock (gate)
                all.MergeFrom(ranges);
        });
        return all;
    }

    private static void Range(FitPass pass, RowBlock rows, int first, int count, Ranges ranges)
    {
        ReadOnlySpan<double> values = rows.Float64.Span;
        bool keepsMissing = pass.Question == FitQuestion.Bounds;
        ranges.Rows = count;
        for (int row = first; row < first + count; row++)
        {
            double weight = WeightOf(rows, row);
            if (!(weight > 0))
                continue;
            ranges.PositiveRows++;
            ranges.GreatestWeight = Math.Max(ranges.GreatestWeight, weight);
            for (int j = 0; j < pass.Columns.Length; j++)
            {
                double value = values[(row * rows.Columns) + pass.Columns[j]];
                if (double.IsNaN(value) && !keepsMissing)
                    continue;
                ranges.Minima[j] = Math.Min(ranges.Minima[j], value);
                ranges.Maxima[j] = Math.Max(ranges.Maxima[j], value);
            }
        }
    }

    private static double TotalWeight(RowBlock rows)
    {
        if (rows.Weights.IsEmpty)
            return rows.Rows;
        double total = 0;
        foreach (double weight in rows.Weights.Span)
            total = Binary.AddUp(total, weight);
        return total;
    }

    private static void Sums(FitPass pass, RowBlock rows, int first, int count, long[] sums)
    {
        ColumnFrame frame = FrameOf(pass);
        ReadOnlySpan<double> values = rows.Float64.Span;
        for (int row = first; row < first + count; row++)
        {
            double weight = WeightOf(rows, row);
            long units = frame.QuantizeWeight(weight);
            if (units == 0)
                continue;
            for (int j = 0; j < pass.Columns.Length; j++)
            {
                double value = values[(row * rows.Columns) + pass.Columns[j]];
                if (double.IsNaN(value))
                    continue;
                sums[3 * j] += frame.Quantize(j, value, weight);
                sums[(3 * j) + 1] += units;
                sums[(3 * j) + 2]++;
            }
        }
    }

    /// <summary>The frame that a pass of sums carries.</summary>
    public static ColumnFrame FrameOf(FitPass pass) =>
        ColumnFrame.FromParts([.. pass.Numbers], [.. pass.Integers[..^1].Select(exponent => (int)exponent)], (int)pass.Integers[^1]);

    private static void Squares(FitPass pass, RowBlock rows, int first, int count, Int128[] sums)
    {
        ReadOnlySpan<double> values = rows.Float64.Span;
        for (int row = first; row < first + count; row++)
        {
            double weight = WeightOf(rows, row);
            if (!(weight > 0))
                continue;
            for (int j = 0; j < pass.Columns.Length; j++)
            {
                double far = values[(row * rows.Columns) + pass.Columns[j]] - pass.Numbers[j];
                if (!double.IsNaN(far))
                    sums[j] += FixedPoint.FromDouble(weight * (far * far), (int)pass.Integers[j]);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Products(FitPass pass, RowBlock rows, int first, int count, Int128[] sums)
    {
        int d = pass.Columns.Length;
        ReadOnlySpan<double> values = rows.Float64.Span;
        var centred = new double[d];
        var products = new double[d * d];
        for (int row = first; row < first + count; row++)
        {
            double weight = WeightOf(rows, row);
            if (!(weight > 0))
                continue;
            for (int j = 0; j < d; j++)
                centred[j] = values[(row * rows.Columns) + pass.Columns[j]] - pass.Numbers[j];
            for (int i = 0; i < d; i++)
                AddScaled(weight * centred[i], centred.AsSpan(i), products.AsSpan((i * d) + i, d - i));
        }

        for (int i = 0, at = 0; i < d; i++)
        {
            for (int j = i; j < d; j++, at++)
                sums[at] += Signed(products[(i * d) + j], (int)(pass.Integers[i] + pass.Integers[j] + pass.Integers[d]));
        }
    }

    /// <summary>target += factor · source: every entry by itself, so that the width of vectors does not matter.</summary>
    private static void AddScaled(double factor, ReadOnlySpan<double> source, Span<double> target)
    {
        int j = 0;
        var factors = new Vector<double>(factor);
        for (; j <= target.Length - Vector<double>.Count; j += Vector<double>.Count)
            Vector.FusedMultiplyAdd(factors, new Vector<double>(source[j..]), new Vector<double>(target[j..])).CopyTo(target[j..]);
        for (; j < target.Length; j++)
            target[j] = Math.FusedMultiplyAdd(factor, source[j], target[j]);
    }

    /// <summary>A number of either sign on a grid.</summary>
    public static Int128 Signed(double value, int unit) => value < 0 ? -FixedPoint.FromDouble(-value, unit) : FixedPoint.FromDouble(value, unit);

    private static void Digits(FitPass pass, int most, ReadOnlySpan<long> begun, RowBlock rows, int first, int count, long[] sums)
    {
        ReadOnlySpan<double> values = rows.Float64.Span;
        int known = (int)begun[0], rest = Math.Max(0, 64 - known - most), bits = 64 - known - rest;
        for (int row = first; row < first + count; row++)
        {
            if (!(WeightOf(rows, row) > 0))
                continue;
            for (int j = 0; j < pass.Columns.Length; j++)
            {
                double value = values[(row * rows.Columns) + pass.Columns[j]];
                if (double.IsNaN(value))
                    continue;
                ulong digits = Ordered(value);
                if (known == 0 || digits >> (64 - known) == (ulong)begun[1 + j])
                    sums[(j << most) + (int)((digits >> rest) & ((1UL << bits) - 1))]++;
            }
        }
    }

    private static void Tallies(FitPass pass, RowBlock rows, int first, int count, long[] sums)
    {
        ReadOnlySpan<double> values = rows.Float64.Span;
        int[] places = TallyPlaces(pass);
        for (int row = first; row < first + count; row++)
        {
            if (!(WeightOf(rows, row) > 0))
                continue;
            for (int j = 0; j < pass.Columns.Length; j++)
            {
                double value = values[(row * rows.Columns) + pass.Columns[j]] - pass.Integers[2 * j];
                int place = double.IsNaN(value) ? 0
                    : value >= 0 && value < pass.Integers[(2 * j) + 1] && value == Math.Floor(value) ? 2 + (int)value
                    : 1;
                sums[places[j] + place]++;
            }
        }
    }

    /// <summary>Long lists are better filled by few slices.</summary>
    private static int LongRows(RowBlock rows, IParallel parallel) => Math.Max(SliceRows, (rows.Rows + parallel.Workers - 1) / parallel.Workers);

    private static ExactTotals Counted(RowBlock rows, int length, int slice, IParallel parallel, Action<int, int, long[]> add)
    {
        var all = new ExactTotals(new long[length]);
        var gate = new Lock();
        Sliced(rows, slice, parallel, (first, count) =>
        {
            var sums = new long[length];
            add(first, count, sums);
            lock (gate)
                all.MergeFrom(new ExactTotals(sums));
        });
        return all;
    }

    private static ExactTotals Summed(RowBlock rows, int length, int slice, IParallel parallel, Action<int, int, Int128[]> add)
    {
        var all = new ExactTotals(new Int128[length]);
        var gate = new Lock();
        Sliced(rows, slice, parallel, (first, count) =>
        {
            var sums = new Int128[length];
            add(first, count, sums);
            lock (gate)
                all.MergeFrom(new ExactTotals(sums));
        });
        return all;
    }

    private static void Sliced(RowBlock rows, int slice, IParallel parallel, Action<int, int> body)
        => parallel.For((rows.Rows + slice - 1) / slice, index => body(index * slice, Math.Min(slice, rows.Rows - (index * slice))));

    /// <summary>Begins no slice after a cancellation.</summary>
    private sealed class Cancellable(IParallel parallel, CancellationToken cancellation) : IParallel
    {
        public int Workers => parallel.Workers;

        public void For(int slices, Action<int> body) => parallel.For(slices, slice =>
        {
            cancellation.ThrowIfCancellationRequested();
            body(slice);
        });
    }
}
