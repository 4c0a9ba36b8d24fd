using OrleansCluster.Numerics.KMeans.Assign;
using OrleansCluster.Numerics.Simd;
using OrleansCluster.Numerics.Tests.Distances;

namespace OrleansCluster.Numerics.Tests.KMeans.Assign;

/// <summary>Which rows' bounds are spent, against one comparison a row.</summary>
public sealed unsafe class BoundKernelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(300)]
    public void Rows_are_spent_when_their_slack_does_not_exceed_the_travel_of_their_label(int k)
    {
        const int Tiles = 5, Rows = Tiles * 32;
        var random = new Random(k);
        var travel = new Travel();
        travel.Reset(k);
        var moved = new double[k];
        Travel.Measure(new double[k], [.. Enumerable.Range(0, k).Select(_ => (double)random.Next(5))], 0, moved);
        travel.Advance(moved);
        var slack = new AlignedBuffer<float>();
        var labels = new AlignedBuffer<int>();
        slack.Reserve(Rows);
        labels.Reserve(Rows);
        for (int i = 0; i < Rows; i++)
        {
            labels.Span[i] = random.Next(k);
            slack.Span[i] = random.Next(8) switch
            {
                0 => float.NegativeInfinity,
                1 => float.PositiveInfinity,
                2 => float.NaN,
                3 => travel.Table[labels.Span[i]],
                4 => MathF.BitIncrement(travel.Table[labels.Span[i]]),
                _ => random.NextSingle() * 8,
            };
        }

        uint[] expected = [.. Enumerable.Range(0, Tiles).Select(tile => Enumerable.Range(0, 32).Aggregate(0u, (mask, i) => mask | Bit((tile * 32) + i, i)))];
        foreach (SimdWidth width in KernelCase.Widths)
        {
            var kernel = BoundKernel.For(width);
            var spent = new uint[Tiles];
            fixed (uint* masks = spent)
                kernel.Spent(slack.Pointer, labels.Pointer, Tiles, travel, masks);
            spent.ShouldBe(expected, $"{width}");
            kernel.Spent(slack.Pointer + 32, labels.Pointer + 32, travel).ShouldBe(expected[1], $"{width}");
        }

        uint Bit(int row, int bit) => slack.Span[row] > travel.Table[labels.Span[row]] ? 0 : 1u << bit;
    }
}
