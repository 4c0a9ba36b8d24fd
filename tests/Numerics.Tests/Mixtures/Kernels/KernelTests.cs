using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Mixtures.Steps;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Tests.KMeans;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.Mixtures.Kernels;

/// <summary>Statistics from the kernels against those of the scalar oracle, bit for bit.</summary>
public sealed class KernelTests
{
    public static TheoryData<CovarianceForm> Forms => [.. MixtureCase.Forms];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Every_width_gives_the_oracles_bits(CovarianceForm form)
    {
        var random = new Random((int)form);
        for (int round = 0; round < 14; round++)
        {
            int d = random.Next(1, round % 4 == 0 ? 40 : 12);
            int k = random.Next(1, round % 3 == 0 ? 40 : 8);
            int n = random.Next(1, 5000);
            // Near clusters share their rows; far ones skip each other.
            double distance = round % 2 == 0 ? 1 : 8;
            double[] values = MixtureCase.Clusters(random.Next(), n, d, k, distance);
            ReadOnlyMemory<double> weights = round % 3 == 1 ? Train.WeightsFor(random.Next(), n) : default;
            RowBlock rows = round % 2 == 0
                ? new RowBlock(Array.ConvertAll(values, value => (float)value), d, weights, firstRow: 1000)
                : new RowBlock(values, d, weights, firstRow: 1000);
            MixtureParameters parameters = MixtureCase.Parameters(random.Next(), form, k, d, distance);
            foreach (MixtureStep step in Steps(parameters, rows))
                Compare(step, rows, $"{form}, {n} × {d}, k {k}, distance {distance}, {step.Source} {step.Reduction}");
        }
    }

    /// <summary>
    /// Components at just the distance where they begin to count, for all rows of a panel alike: one that is passed over too early loses its share of 2^−60.
    /// </summary>
    [Theory]
    [InlineData(CovarianceForm.Full, 0.9, 1)]
    [InlineData(CovarianceForm.Full, 0.999999, 1e3)]
    [InlineData(CovarianceForm.Tied, 0.9, 1e-12)]
    [InlineData(CovarianceForm.Diagonal, 0, 1)]
    [InlineData(CovarianceForm.Diagonal, 0, 1e36)]
    [InlineData(CovarianceForm.Diagonal, 0, 1e-36)]
    [InlineData(CovarianceForm.Spherical, 0, 1e80)]
    public void A_component_is_passed_over_only_where_it_is_negligible(CovarianceForm form, double correlation, double unit)
    {
        const int D = 9;
        const int K = 60;
        var covariances = new double[form.CovarianceLength(K, D)];
        int length = covariances.Length / (form == CovarianceForm.Tied ? 1 : K);
        for (int at = 0; at < covariances.Length; at++)
            covariances[at] = unit * unit;
        bool matrix = form is CovarianceForm.Full or CovarianceForm.Tied;
        for (int at = 0; at < covariances.Length && matrix; at += length)
        {
            for (int i = 0; i < D; i++)
            {
                for (int j = 0; j < i; j++)
                    covariances[at + Symmetric.Index(i, j)] = correlation * unit * unit;
            }
        }

        // Along the first column, from a component in the middle of its own rows: ½ q from 41.0 to 43.9.
        var means = new double[K * D];
        double along = matrix ? Math.Sqrt((1 + ((D - 2) * correlation)) / ((1 - correlation) * (1 + ((D - 1) * correlation)))) : 1;
        for (int c = 1; c < K; c++)
            means[c * D] = Math.Sqrt(2 * (41 + (0.05 * c))) / along * unit;
        double[] origins = [.. Enumerable.Repeat(7 * unit, D)];
        var parameters = new MixtureParameters(form, origins, [.. Enumerable.Repeat(1.0 / K, K)], means, covariances);
        double[] values = [.. Enumerable.Range(0, 64 * D).Select(at => origins[0] + (at / D % 3 * 1e-9 * unit))];
        foreach (MixtureStep step in Steps(parameters, new RowBlock(values, D)).Take(2))
            Compare(step, new RowBlock(values, D), $"{form}, {correlation}, {unit}");
        var worker = new MixtureShardWorker(new RowBlock(values, D));
        EncodedStep posterior = Steps(parameters, new RowBlock(values, D)).First().Encode();
        worker.Execute(posterior, Sequential.Instance);
        var moments = Statistic.Decode<ComponentMoments>(worker.Execute(posterior, Sequential.Instance));
        // −60 ln 2 = −41.589: those below 41.55 count, those above 41.65 do not.
        moments.Weights[..11].ShouldAllBe(weight => weight > 0);
        moments.Weights[13..].ShouldAllBe(weight => weight == 0);
    }

    /// <summary>Second looks know the rows' labels, and skip more: the same bits.</summary>
    private static void Compare(MixtureStep step, RowBlock rows, string what)
    {
        EncodedStep encoded = step.Encode();
        byte[] expected = Comparable(new MixtureShardWorker(rows, (SimdWidth?)null).Execute(encoded, Sequential.Instance));
        foreach (SimdWidth? width in MixtureCase.Widths)
        {
            var worker = new MixtureShardWorker(rows, width);
            for (int look = 0; look < 2; look++)
                Comparable(worker.Execute(encoded, new Threads(3))).ShouldBe(expected, $"{what}, {width}, look {look}");
        }
    }

    /// <summary>A statistic without the number of densities evaluated, which is a cost.</summary>
    private static byte[] Comparable(ReadOnlyMemory<byte> statistic)
    {
        if (MixtureStatistics.Kinds.Decode(statistic) is not ComponentMoments moments)
            return statistic.ToArray();
        moments.Densities = 0;
        return moments.Encode().ToArray();
    }

    private static IEnumerable<MixtureStep> Steps(MixtureParameters parameters, RowBlock rows)
    {
        var step = new MixtureStep
        {
            Source = ResponsibilitySource.Posterior,
            Reduction = MixtureReduction.Moments,
            Form = parameters.Form,
            K = parameters.K,
            Origins = parameters.Origins.ToArray(),
            Parameters = parameters,
        };
        yield return step;
        yield return step with { Reduction = MixtureReduction.Summary };
        yield return step with { Source = ResponsibilitySource.Random, Parameters = null, Seed = 5, Restart = 2 };
        yield return step with { Source = ResponsibilitySource.Nearest, Parameters = null, Centres = MixtureCase.EveryNth(rows, parameters.K) };
        yield return step with { Source = ResponsibilitySource.Whole, Parameters = null, K = 1 };
    }

    [Fact]
    public void A_row_infinitely_far_away_has_density_zero_and_no_share()
    {
        var parameters = new MixtureParameters(CovarianceForm.Spherical, [0], [0.5, 0.5], [0, 1], [1, 1]);
        var rows = new RowBlock(new double[] { 0, 1, 1e200, 0.5 }, 1);
        var step = new MixtureStep
        {
            Source = ResponsibilitySource.Posterior,
            Reduction = MixtureReduction.Moments,
            Form = CovarianceForm.Spherical,
            K = 2,
            Origins = [0],
            Parameters = parameters,
        };
        Compare(step, rows, "far");
        var moments = Statistic.Decode<ComponentMoments>(new MixtureShardWorker(rows).Execute(step.Encode(), Sequential.Instance));
        moments.LogLikelihood.ShouldBe(double.NegativeInfinity);
        (moments.Weights[0] + moments.Weights[1]).ShouldBe(3, 1e-12);
    }

    [Fact]
    public void Far_components_are_not_evaluated_to_the_end()
    {
        double[] values = MixtureCase.Clusters(3, 20_000, 12, 10, 10);
        var rows = new RowBlock(values, 12);
        long first = 0;
        long last = 0;
        MixtureCase.Train(MixtureSpec.Create(10, seed: 1), rows, told: e =>
        {
            if (e is not IterationEnded ended)
                return;
            first = ended.Iteration == 1 ? ended.Distances : first;
            last = ended.Distances;
        });
        first.ShouldBeLessThanOrEqualTo(200_000);
        last.ShouldBeLessThan(40_000);
    }
}
