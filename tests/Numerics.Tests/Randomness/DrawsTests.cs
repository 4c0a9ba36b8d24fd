using System.Runtime.Intrinsics;
using OrleansCluster.Numerics.Randomness;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Tests.Randomness;

public sealed class DrawsTests
{
    private static readonly Draws Some = new(42, Purpose.PlusPlus, 3, 7);

    [Fact]
    public void Every_part_of_the_name_matters()
    {
        Draws[] others =
        [
            Some with { Seed = 43 },
            Some with { Seed = 42 | (1UL << 40) },
            Some with { Purpose = Purpose.ParallelRound },
            Some with { Restart = 4 },
            Some with { Round = 8 },
        ];
        ulong bits = Some.Bits(5);
        Some.Bits(5).ShouldBe(bits);
        others.Select(draws => draws.Bits(5)).ShouldAllBe(other => other != bits);
        new[] { Some.Bits(6), Some.Bits(5 + (1L << 32)) }.ShouldAllBe(other => other != bits);
    }

    [Fact]
    public void Uniform_numbers_lie_inside_the_interval_and_are_uniform()
    {
        const int Count = 100_000;
        double[] numbers = [.. Enumerable.Range(0, Count).Select(i => Some.Uniform(i))];
        numbers.ShouldAllBe(u => u > 0 && u < 1);
        numbers.Average().ShouldBe(0.5, 5 / Math.Sqrt(12.0 * Count));
        int[] tenths = new int[10];
        foreach (double u in numbers)
            tenths[(int)(u * 10)]++;
        // χ² with nine degrees of freedom exceeds 33.7 once in ten thousand times; the draws are fixed.
        tenths.Sum(n => Math.Pow(n - (Count / 10), 2) / (Count / 10)).ShouldBeLessThan(33.7);
    }

    [Fact]
    public void The_first_arrival_is_drawn_in_proportion_to_its_rate()
    {
        double[] rates = [1, 2, 0.5, 4.5];
        var wins = new int[4];
        const int Count = 40_000;
        for (int round = 0; round < Count; round++)
        {
            Draws draws = Some with { Round = round };
            int first = Enumerable.Range(0, 4).MinBy(i => draws.Arrival(i, rates[i]));
            wins[first]++;
        }

        for (int i = 0; i < 4; i++)
        {
            double p = rates[i] / 8;
            (wins[i] / (double)Count).ShouldBe(p, 4 * Math.Sqrt(p * (1 - p) / Count));
        }
    }

    [Fact]
    public void The_short_cut_never_hides_an_arrival_in_time()
    {
        for (int i = 0; i < 50_000; i++)
        {
            double rate = 0.1 + (i % 7);
            double arrival = Some.Arrival(i, rate);
            Some.ArrivalBy(i, rate, arrival).ShouldBe(arrival);
            Some.ArrivalBy(i, rate, double.PositiveInfinity).ShouldBe(arrival);
            double early = Some.ArrivalBy(i, rate, 0.01);
            (early == arrival || (double.IsPositiveInfinity(early) && arrival > 0.01)).ShouldBeTrue();
        }
    }

    [Fact]
    public unsafe void Numbers_drawn_side_by_side_are_those_drawn_alone()
    {
        // Ids beyond 32 bits, and a carry from the lower word to the upper among them.
        foreach (long first in new[] { 0L, 5, uint.MaxValue - 20L, (1L << 40) + 3, long.MaxValue - 100 })
        {
            foreach (Draws draws in new[] { Some, new Draws(ulong.MaxValue, (Purpose)255, (1 << 24) - 1, int.MaxValue),
                new Draws(1UL << 63, Purpose.ParallelRound, 0, 0) })
            {
                Compare<DoubleLanes512, DrawLanes512, Vector512<double>>(first, draws);
                Compare<DoubleLanes256, DrawLanes256, Vector256<double>>(first, draws);
                Compare<DoubleLanes128, DrawLanes128, Vector128<double>>(first, draws);
                Compare<DoubleLanesScalar, DrawLanesScalar, double>(first, draws);
            }
        }
    }

    private static unsafe void Compare<TLanes, TDraws, TVector>(long first, Draws draws)
        where TLanes : struct, IDoubleLanes<TVector>
        where TDraws : struct, IDrawLanes<TVector>
        where TVector : struct
    {
        double* numbers = stackalloc double[8];
        var schedule = new DrawSchedule(draws);
        for (int i = 0; i < 40; i += TLanes.Width)
        {
            TLanes.Store(TDraws.Uniform(first + i, schedule), numbers);
            for (int lane = 0; lane < TLanes.Width; lane++)
                numbers[lane].ShouldBe(draws.Uniform(first + i + lane));
        }
    }
}
