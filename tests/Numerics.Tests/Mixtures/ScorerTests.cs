using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Mixtures.Kernels;
using OrleansCluster.Numerics.Mixtures.Steps;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Simd;
using OrleansCluster.Numerics.Tests.KMeans;

namespace OrleansCluster.Numerics.Tests.Mixtures;

public sealed class ScorerTests
{
    public static TheoryData<CovarianceForm> Forms => [.. MixtureCase.Forms];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Scores_are_the_oracles_on_every_width(CovarianceForm form)
    {
        const int N = 2500;
        const int K = 6;
        MixtureParameters parameters = MixtureCase.Parameters(101, form, K, 3, 2);
        var rows = new RowBlock(MixtureCase.Clusters(102, N, 3, K, 2), 3, Train.WeightsFor(1, N));
        var oracle = new MixtureOracle(
            new MixtureStep
            {
                Source = ResponsibilitySource.Posterior,
                Reduction = MixtureReduction.Moments,
                Form = form,
                K = K,
                Origins = parameters.Origins.ToArray(),
                Parameters = parameters,
            },
            GaussianFactors.Create(parameters));
        foreach (SimdWidth width in new[] { SimdWidth.Scalar, SimdWidth.V128, SimdWidth.V256, SimdWidth.V512 })
        {
            var densities = new double[N];
            var components = new int[N * 3];
            var shares = new double[N * 3];
            new MixtureScorer(new MixtureModel(parameters), width).Score(rows, 3, densities, components, shares, new Threads(2));
            var row = new double[3];
            for (int i = 0; i < N; i++)
            {
                rows.CopyRow(i, row);
                oracle.Look(row, i);
                densities[i].ShouldBe(oracle.LogDensity);
                components[i * 3].ShouldBe(oracle.Label);
                int[] ranked = [.. Enumerable.Range(0, K).Where(c => oracle.Responsibilities[c] > 0).OrderByDescending(c => oracle.Responsibilities[c])
                    .ThenBy(c => c).Take(3)];
                for (int place = 0; place < 3; place++)
                {
                    components[(i * 3) + place].ShouldBe(place < ranked.Length ? ranked[place] : -1);
                    shares[(i * 3) + place].ShouldBe(place < ranked.Length ? oracle.Responsibilities[ranked[place]] : 0);
                }
            }
        }
    }

    [Fact]
    public void Many_callers_at_once_and_single_rows_get_the_same()
    {
        MixtureParameters parameters = MixtureCase.Parameters(103, CovarianceForm.Full, 4, 5, 2);
        var scorer = new MixtureScorer(new MixtureModel(parameters));
        double[] values = MixtureCase.Clusters(104, 300, 5, 4, 2);
        var expected = new double[300];
        scorer.Score(new RowBlock(values, 5), 1, expected, new int[300], default, Sequential.Instance);
        Parallel.For(0, 8, _ =>
        {
            var density = new double[1];
            for (int i = 0; i < 300; i++)
            {
                scorer.Score(new RowBlock(values.AsMemory(i * 5, 5), 5), 1, density, new int[1], default, Sequential.Instance);
                density[0].ShouldBe(expected[i]);
            }
        });
    }

    [Fact]
    public void A_row_infinitely_far_away_is_labelled_and_an_anomaly()
    {
        var model = new MixtureModel(new MixtureParameters(CovarianceForm.Diagonal, [0], [0.5, 0.5], [0, 4], [1, 1]), -20, 0.01);
        var scorer = new MixtureScorer(model);
        var densities = new double[2];
        var components = new int[4];
        var shares = new double[4];
        scorer.Score(new RowBlock(new[] { 1e200, 2.0 }, 1), 2, densities, components, shares, Sequential.Instance);
        densities[0].ShouldBe(double.NegativeInfinity);
        scorer.IsAnomaly(densities[0]).ShouldBeTrue();
        scorer.IsAnomaly(densities[1]).ShouldBeFalse();
        components.ShouldBe([0, -1, 0, 1]);
        shares.ShouldBe([0, 0, 0.5, 0.5]);
    }

    [Fact]
    public void Says_what_does_not_fit()
    {
        var scorer = new MixtureScorer(new MixtureModel(MixtureCase.Parameters(105, CovarianceForm.Full, 2, 3, 1)));
        Should.Throw<ArgumentException>(() => scorer.Score(new RowBlock(new double[4], 2), 1, default, new int[2], default, Sequential.Instance))
            .Message.ShouldContain("Rows of 2 columns for a mixture of 3");
        Should.Throw<ArgumentException>(() => scorer.Score(new RowBlock(new double[6], 3), 2, default, new int[3], default, Sequential.Instance))
            .Message.ShouldContain("2 rows × 2 components");
        var flat = new MixtureParameters(CovarianceForm.Full, [0, 0], [1], [0, 0], [1, 1, 1]);
        Should.Throw<InvalidDataException>(() => new MixtureScorer(new MixtureModel(flat))).Message.ShouldContain("component 0 is not positive definite");
    }
}
