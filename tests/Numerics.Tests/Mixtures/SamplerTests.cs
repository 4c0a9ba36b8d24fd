using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;

namespace OrleansCluster.Numerics.Tests.Mixtures;

public sealed class SamplerTests
{
    public static TheoryData<CovarianceForm> Forms => [.. MixtureCase.Forms];

    [Theory]
    [MemberData(nameof(Forms))]
    public void Samples_have_the_models_moments(CovarianceForm form)
    {
        const int N = 40_000;
        MixtureParameters p = MixtureCase.Parameters(111, form, 3, 3, 2);
        var sampler = new MixtureSampler(new MixtureModel(p), 7);
        var values = new double[N][];
        var components = new int[N];
        for (int i = 0; i < N; i++)
            components[i] = sampler.Sample(i, values[i] = new double[3]);
        for (int c = 0; c < 3; c++)
        {
            double[][] own = [.. Enumerable.Range(0, N).Where(i => components[i] == c).Select(i => values[i])];
            ((double)own.Length / N).ShouldBe(p.Weights[c], 5 * Math.Sqrt(p.Weights[c] / N));
            double[] means = [.. Enumerable.Range(0, 3).Select(j => own.Average(row => row[j]))];
            for (int i = 0; i < 3; i++)
            {
                means[i].ShouldBe(p.Mean(c)[i] + p.Origins[i], 5 * Math.Sqrt(p.Covariance(c, i, i) / own.Length));
                for (int j = 0; j <= i; j++)
                {
                    double covariance = own.Average(row => (row[i] - means[i]) * (row[j] - means[j]));
                    double scale = Math.Sqrt(p.Covariance(c, i, i) * p.Covariance(c, j, j));
                    covariance.ShouldBe(p.Covariance(c, i, j), 8 * scale / Math.Sqrt(own.Length));
                }
            }
        }
    }

    [Fact]
    public void A_row_is_the_same_whoever_draws_it()
    {
        var model = new MixtureModel(MixtureCase.Parameters(112, CovarianceForm.Full, 3, 4, 2));
        var sampler = new MixtureSampler(model, 3);
        var expected = new double[50][];
        for (int i = 0; i < 50; i++)
            sampler.Sample(1_000_000_000_000 + i, expected[i] = new double[4]);
        Parallel.For(0, 50, i =>
        {
            var row = new double[4];
            new MixtureSampler(MixtureModel.Decode(model.Encode()), 3).Sample(1_000_000_000_000 + i, row);
            row.ShouldBe(expected[i]);
        });
        var other = new double[4];
        new MixtureSampler(model, 4).Sample(1_000_000_000_000, other);
        other.ShouldNotBe(expected[0]);
    }

    [Fact]
    public void One_component_can_be_asked_for()
    {
        var model = new MixtureModel(MixtureCase.Parameters(113, CovarianceForm.Tied, 3, 2, 50));
        var sampler = new MixtureSampler(model, 3, component: 2);
        var row = new double[2];
        for (int i = 0; i < 100; i++)
        {
            sampler.Sample(i, row).ShouldBe(2);
            row[0].ShouldBe(model.Means()[4], 10);
        }

        Should.Throw<ArgumentOutOfRangeException>(() => new MixtureSampler(model, 3, component: 3)).Message.ShouldContain("it has 0 … 2");
    }
}
