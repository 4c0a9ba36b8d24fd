using System.Numerics;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Tests.KMeans.Sphere;

/// <summary>The rounding law of rows of length 1.</summary>
public sealed class DirectionTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(64)]
    [InlineData(333)]
    public void Each_value_is_the_quotient_correctly_rounded(int columns)
    {
        var random = new Random(columns);
        for (int turn = 0; turn < 40; turn++)
        {
            long[] values = [.. Enumerable.Range(0, columns).Select(_ => random.Next(-1000, 1001) * (random.Next(3) == 0 ? 1L << random.Next(30) : 1))];
            if (values.All(value => value == 0))
                continue;
            double[] unit = Unit([.. values.Select(value => (double)value)]);
            BigInteger squared = values.Aggregate(BigInteger.Zero, (sum, value) => sum + ((BigInteger)value * value));
            for (int j = 0; j < columns; j++)
                IsNearest(Math.Abs(unit[j]), BigInteger.Abs(values[j]), squared).ShouldBeTrue($"{values[j]} of {columns}: {unit[j]:R}");
        }
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1e-3)]
    [InlineData(7e200)]
    [InlineData(1.7e-305)]
    public void Rows_of_one_direction_are_one_row(double factor)
    {
        var random = new Random(4);
        for (int turn = 0; turn < 200; turn++)
        {
            // Of so few digits that their multiples are exact.
            double[] row = [.. Enumerable.Range(0, 9).Select(_ => (double)random.Next(-50, 50))];
            double power = Math.ScaleB(1, Math.ILogB(factor)), odd = factor is 3 ? 3 : 1;
            Unit([.. row.Select(value => value * odd * power)]).ShouldBe(Unit(row));
        }
    }

    [Theory]
    [InlineData(new[] { 3.0, 4 }, new[] { 0.6, 0.8 })]
    [InlineData(new[] { 1e308, 0, -1e308 }, new[] { 0.70710678118654752, 0, -0.70710678118654752 })]
    [InlineData(new[] { 5e-324, 0 }, new double[] { 1, 0 })]
    [InlineData(new[] { 5e-324, -5e-324 }, new[] { 0.70710678118654752, -0.70710678118654752 })]
    [InlineData(new[] { 1e-300, 1e300 }, new double[] { 0, 1 })]
    public void Extremes_have_a_direction(double[] row, double[] unit) => Unit(row).ShouldBe(unit);

    [Fact]
    public void Float32_rows_neither_overflow_nor_vanish()
    {
        float huge = 3e38f, least = float.Epsilon;
        RowBlock unit = UnitRows.Of(new RowBlock(new[] { huge, huge, huge, huge, least, least, least, least }, 4), out int[] zeros, Sequential.Instance);
        unit.Float64.ToArray().ShouldBe(Enumerable.Repeat(0.5, 8));
        zeros.ShouldBeEmpty();
    }

    [Fact]
    public void Rows_of_length_0_are_told_and_stay()
    {
        var rows = new RowBlock(new[] { 0f, 0, 1, 0, -0f, 0 }, 2, new double[] { 1, 2, 3 }, firstRow: 7);
        RowBlock dense = UnitRows.Of(rows, out int[] zeros, new Threads(2));
        zeros.ShouldBe([0, 2]);
        dense.Float64.ToArray().ShouldBe([0, 0, 1, 0, 0, 0]);
        dense.FirstRow.ShouldBe(7);
        dense.Weights.ToArray().ShouldBe([1, 2, 3]);
        UnitRows.Of(SparseBlock.Of(rows), out int[] empty, Sequential.Instance).FirstRow.ShouldBe(7);
        empty.ShouldBe(zeros);
    }

    [Fact]
    public void Sparse_rows_have_the_bits_of_dense_ones()
    {
        var random = new Random(8);
        double[] values =
            [.. Enumerable.Range(0, 300 * 37).Select(_ => random.Next(4) == 0 ? Math.ScaleB(random.NextDouble() - 0.5, random.Next(-60, 60)) : 0)];
        RowBlock wide = new(values, 37), narrow = new(values.Select(value => (float)value).ToArray(), 37);
        foreach (RowBlock rows in new[] { wide, narrow })
        {
            RowBlock dense = UnitRows.Of(rows, out _, Sequential.Instance);
            // A slice begins in the middle of its entries.
            SparseBlock sparse = UnitRows.Of(SparseBlock.Of(rows).Slice(100, 150), out _, new Threads(3));
            var row = new double[37];
            for (int i = 0; i < 150; i++)
            {
                sparse.CopyRow(i, row);
                row.ShouldBe(dense.Float64.Slice((100 + i) * 37, 37).ToArray());
            }
        }
    }

    [Fact]
    public void Means_that_are_roundings_have_no_direction()
    {
        double[] mean = [1e-13, -1e-13];
        Direction.FindOfMean(mean).ShouldBeFalse();
        double[] kept = [1e-11, 0];
        Direction.FindOfMean(kept).ShouldBeTrue();
        kept.ShouldBe([1, 0]);
        double[] given = [0.6000000000000001, 0.8];
        Direction.FindOfCentre(given).ShouldBeTrue();
        given.ShouldBe([0.6000000000000001, 0.8]);
    }

    private static double[] Unit(double[] row)
    {
        var unit = new double[row.Length];
        Direction.Find(row, [], unit).ShouldBeTrue();
        return unit;
    }

    /// <summary>Whether u is a float64 nearest to a / √n: (u − h)² n ≤ a² ≤ (u + h)² n with h half its distance to the next, in integers.</summary>
    private static bool IsNearest(double u, BigInteger a, BigInteger n)
    {
        if (a == 0)
            return u == 0;
        long bits = BitConverter.DoubleToInt64Bits(u);
        int exponent = (int)(bits >> 52) - 1075;
        BigInteger mantissa = 2 * ((bits & ((1L << 52) - 1)) | (1L << 52));
        // u = mantissa · 2^(exponent − 1), h = 2^(exponent − 1).
        int shift = 2 * (1 - exponent);
        BigInteger target = (a * a) << shift;
        return (mantissa - 1) * (mantissa - 1) * n <= target && target <= (mantissa + 1) * (mantissa + 1) * n;
    }
}
