using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.KMeans.Assign;
using OrleansCluster.Numerics.Simd;
using OrleansCluster.Numerics.Tests.Distances;

namespace OrleansCluster.Numerics.Tests.KMeans.Assign;

/// <summary>The bounds of a tile come out the same in every width, and never better than their formulas.</summary>
public sealed unsafe class LeadKernelTests
{
    private const int Rows = NearestKernel.TileRows;
    private const int K = 11;
    private const float Share = 0.25f;
    private const float Farthest = 0.5f;
    private const float Next = 0.125f;

    [Fact]
    public void Every_width_passes_over_the_same_rows_and_leaves_the_same_bounds()
    {
        for (int seed = 0; seed < 40; seed++)
        {
            (uint None, uint One, uint Doubtful, float[] Lower, float[] Slack) expected = Of(SimdWidth.Scalar, seed);
            foreach (SimdWidth width in KernelCase.Widths)
            {
                var actual = Of(width, seed);
                (actual.None, actual.One, actual.Doubtful).ShouldBe((expected.None, expected.One, expected.Doubtful), $"{width}, seed {seed}");
                actual.Lower.ShouldBe(expected.Lower, $"{width}, seed {seed}");
                actual.Slack.ShouldBe(expected.Slack, $"{width}, seed {seed}");
            }

            (expected.None & expected.One).ShouldBe(0u);
        }

        uint every = 0, one = 0, doubtful = 0;
        for (int seed = 0; seed < 40; seed++)
            (every, one, doubtful) = (
                every | Of(SimdWidth.Scalar, seed).None, one | Of(SimdWidth.Scalar, seed).One, doubtful | Of(SimdWidth.Scalar, seed).Doubtful);
        (every, one, doubtful).ShouldBe((uint.MaxValue, uint.MaxValue, uint.MaxValue), "each row is in each state once");
    }

    private static (uint None, uint One, uint Doubtful, float[] Lower, float[] Slack) Of(SimdWidth width, int seed)
    {
        var random = new Random(seed);
        var travel = new Travel();
        travel.Reset(K);
        double[] from = [.. Enumerable.Range(0, K).Select(_ => random.NextDouble())];
        for (int step = 0; step < 3; step++)
        {
            double[] to = [.. from.Select(value => value + (random.NextDouble() / 10))];
            var moved = new double[K];
            Travel.Measure(from, to, 0, moved);
            travel.Advance(moved);
            from = to;
        }

        var labels = new int[Rows];
        float[] slack = new float[Rows], lower = new float[Rows], upper = new float[Rows], norms = new float[Rows], least = new float[Rows],
            room = new float[ScreenTile.Room];
        for (int i = 0; i < Rows; i++)
        {
            labels[i] = random.Next(K);
            upper[i] = (float)random.NextDouble() + 3;
            lower[i] = random.Next(9) == 0 ? float.NegativeInfinity : upper[i] + 0.5f + ((float)random.NextDouble() * 4);
            norms[i] = random.Next(9) == 0 ? float.PositiveInfinity : (float)random.NextDouble() * 5;
            least[i] = (float)((random.NextDouble() * 20) - 5);
            slack[i] = -i;
        }

        float[] before = [.. lower];
        LeadKernel kernel = LeadKernel.For(width);
        Certificate certificate = Certificate.Of(5, 32, 0);
        fixed (int* label = labels)
        fixed (float* slacks = slack, lowers = lower, uppers = upper, norm = norms, scratch = room)
        {
            var tile = new ScreenTile(label, slacks, lowers, uppers, norm, scratch);
            uint none = kernel.Leads(tile, travel, Share, Farthest, Next, out uint one);
            for (int i = 0; i < Rows; i++)
            {
                float lead = Share * (before[i] - travel.OthersBefore[labels[i]] - (upper[i] + travel.Own[labels[i]]));
                (none >> i & 1).ShouldBe(lead > Farthest ? 1u : 0u);
                (one >> i & 1).ShouldBe(lead > Next && !(lead > Farthest) ? 1u : 0u);
                if ((one >> i & 1) != 0)
                    tile.Least[i] = least[i];
            }

            uint doubtful = kernel.Renew(tile, none | one, travel, certificate, Certificate.NormError(32));
            for (int i = 0; i < Rows; i++)
            {
                bool kept = ((none | one) >> i & 1) != 0 && (doubtful >> i & 1) == 0;
                if (!kept)
                {
                    (lower[i], slack[i]).ShouldBe((before[i], -i), "rows that are not passed over stay as they are");
                    continue;
                }

                double distance = (one >> i & 1) == 0 ? double.PositiveInfinity : Math.Sqrt(Math.Max(((double)norms[i] * norms[i]) + (2.0 * least[i]), 0));
                double still = before[i] - travel.OthersBefore[labels[i]] - ((one >> i & 1) == 0 ? Farthest : Next);
                ((double)lower[i]).ShouldBeLessThanOrEqualTo(Math.Min(distance, still) + travel.Others[labels[i]] + 1e-6);
                ((double)slack[i]).ShouldBeLessThanOrEqualTo(Math.Min(distance, still) - upper[i] - travel.Own[labels[i]] + travel.Table[labels[i]] + 1e-6);
            }

            return (none, one, doubtful, lower, slack);
        }
    }
}
