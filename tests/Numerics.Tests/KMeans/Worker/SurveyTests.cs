using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.KMeans.Worker;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Tests.Distances;

namespace OrleansCluster.Numerics.Tests.KMeans.Worker;

/// <summary>The survey's two passes against their definitions, value by value.</summary>
public sealed class SurveyTests
{
    public static TheoryData<string> Kinds => [.. KernelCase.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Ranges_and_moments_are_as_defined_on_every_kind_of_rows(string kind)
    {
        var random = new Random(kind.Length);
        for (int round = 0; round < 12; round++)
        {
            KernelCase c = KernelCase.Make(random.Next(), kind, random.Next(1, 700), random.Next(1, 41), 1, single: round % 2 == 0, weighted: round % 4 > 1);
            Compare(c.Rows, c.Frame, c.Name);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(6)]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(33)]
    [InlineData(500)]
    public void Ranges_and_moments_are_as_defined_for_every_number_of_columns(int d)
    {
        // More rows than a slice, and none that fills whole vectors.
        KernelCase c = KernelCase.Make(d, "plain", d == 500 ? 301 : 4099, d, 1, single: d % 2 == 0, weighted: false);
        Compare(c.Rows, c.Frame, c.Name);
    }

    // Units of a row from 2^50 down to none: with squares cut off, exact and shifted up.
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 1 << 12)]
    [InlineData(1, 1 << 13)]
    [InlineData(1, 1 << 16)]
    [InlineData(1, 1L << 30)]
    [InlineData(3, 1L << 50)]
    [InlineData(1e15, 1e17)]
    [InlineData(1e16, 1e17)]
    [InlineData(1e30, 1e31)]
    public void Rows_without_weights_may_meet_any_grid(double greatestWeight, double shardWeight)
    {
        KernelCase c = KernelCase.Make(3, "plain", 1000, 5, 1, single: false, weighted: false);
        Ranges ranges = Expected(c.Rows);
        Compare(c.Rows, ColumnFrame.FromRanges(ranges.Minima, ranges.Maxima, greatestWeight, shardWeight), $"{greatestWeight} {shardWeight}");
    }

    private static void Compare(RowBlock rows, ColumnFrame frame, string name)
    {
        Int128[] moments = Moments(rows, frame);
        byte[] ranges = Expected(rows).Encode().ToArray();
        foreach (SimdWidth width in KernelCase.Widths)
        {
            var passes = new SurveyPasses(new RowReader(rows), width);
            var work = new Work(Sequential.Instance, default);
            passes.Ranges(work).Encode().ToArray().ShouldBe(ranges, $"{name}, {width}");
            passes.Moments(new MomentsStep(frame), work).Values.ShouldBe(moments, $"{name}, {width}");
        }
    }

    private static Ranges Expected(RowBlock rows)
    {
        var expected = new Ranges(rows.Columns) { Rows = rows.Rows };
        var row = new double[rows.Columns];
        for (int i = 0; i < rows.Rows; i++)
        {
            double weight = rows.Weights.IsEmpty ? 1 : rows.Weights.Span[i];
            expected.GreatestShardWeight = Binary.AddUp(expected.GreatestShardWeight, weight);
            if (weight == 0)
                continue;
            expected.PositiveRows++;
            expected.GreatestWeight = Math.Max(expected.GreatestWeight, weight);
            rows.CopyRow(i, row);
            for (int j = 0; j < row.Length; j++)
            {
                expected.Minima[j] = Math.Min(expected.Minima[j], row[j] + 0.0);
                expected.Maxima[j] = Math.Max(expected.Maxima[j], row[j] + 0.0);
            }
        }

        return expected;
    }

    private static Int128[] Moments(RowBlock rows, ColumnFrame frame)
    {
        int d = rows.Columns;
        var expected = new Int128[2 + (2 * d)];
        var row = new double[d];
        for (int i = 0; i < rows.Rows; i++)
        {
            double weight = rows.Weights.IsEmpty ? 1 : rows.Weights.Span[i];
            long units = frame.QuantizeWeight(weight);
            if (units == 0)
                continue;
            expected[0] += units;
            expected[^1]++;
            rows.CopyRow(i, row);
            for (int j = 0; j < d; j++)
            {
                long q = frame.Quantize(j, row[j], weight);
                expected[1 + j] += q;
                expected[1 + d + j] += (Int128)(((System.Numerics.BigInteger)q * q << 40) / units);
            }
        }

        return expected;
    }
}
