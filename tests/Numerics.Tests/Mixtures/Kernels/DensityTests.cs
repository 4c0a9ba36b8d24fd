using System.Collections.Immutable;
using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using OrleansCluster.Numerics.Algebra;
using OrleansCluster.Numerics.Alignment;
using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Tests.KMeans;

namespace OrleansCluster.Numerics.Tests.Mixtures.Kernels;

/// <summary>Densities, factors and distances against MathNet.Numerics and by hand.</summary>
public sealed class DensityTests
{
    public static TheoryData<CovarianceForm> Forms => [.. MixtureCase.Forms];

    [Fact]
    public void Two_components_on_a_line_by_hand()
    {
        // ¼ N(x; 0, 1) + ¾ N(x; 2, 4) at 1: both have the factor e^−½ or e^−⅛ over √(2π).
        var model = new MixtureModel(new MixtureParameters(CovarianceForm.Full, [0], [0.25, 0.75], [0, 2], [1, 4]));
        var density = new double[1];
        var components = new int[2];
        var responsibilities = new double[2];
        new MixtureScorer(model).Score(new RowBlock(new double[] { 1 }, 1), 2, density, components, responsibilities, Sequential.Instance);
        double first = 0.25 * Math.Exp(-0.5) / Math.Sqrt(2 * Math.PI);
        double second = 0.75 * Math.Exp(-0.125) / Math.Sqrt(2 * Math.PI) / 2;
        density[0].ShouldBe(Math.Log(first + second), 1e-14);
        components.ShouldBe([1, 0]);
        responsibilities[0].ShouldBe(second / (first + second), 1e-14);
        responsibilities[1].ShouldBe(first / (first + second), 1e-14);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Log_densities_agree_with_MathNet(CovarianceForm form)
    {
        var random = new Random(31);
        for (int round = 0; round < 20; round++)
        {
            int d = random.Next(1, 9);
            int k = random.Next(1, 6);
            MixtureParameters parameters = MixtureCase.Parameters(random.Next(), form, k, d, 1);
            double[] values = MixtureCase.Clusters(random.Next(), 50, d, k, 1);
            var densities = new double[50];
            new MixtureScorer(new MixtureModel(parameters)).Score(new RowBlock(values, d), 1, densities, new int[50], default, Sequential.Instance);
            for (int i = 0; i < 50; i++)
            {
                double expected = 0;
                for (int c = 0; c < k; c++)
                    expected += parameters.Weights[c] * Density(parameters, c, values.AsSpan(i * d, d));
                densities[i].ShouldBe(Math.Log(expected), 1e-11 * (1 + Math.Abs(Math.Log(expected))), $"{form}, {d} columns, k {k}");
            }
        }
    }

    /// <summary>N(x; μ, Σ) as a matrix normal distribution of one column.</summary>
    private static double Density(MixtureParameters parameters, int component, ReadOnlySpan<double> row)
    {
        int d = parameters.Columns;
        double[] mean = parameters.Mean(component).ToArray();
        double[] centred = row.ToArray();
        for (int j = 0; j < d; j++)
            centred[j] -= parameters.Origins[j];
        Matrix<double> covariance = Matrix<double>.Build.Dense(d, d, (i, j) => parameters.Covariance(component, i, j));
        var normal = new MatrixNormal(Matrix<double>.Build.DenseOfColumnArrays(mean), covariance, Matrix<double>.Build.DenseIdentity(1), new Random(1));
        return normal.Density(Matrix<double>.Build.DenseOfColumnArrays(centred));
    }

    [Fact]
    public void Cholesky_factors_agree_with_MathNet()
    {
        for (int d = 1; d <= 40; d++)
        {
            MixtureParameters parameters = MixtureCase.Parameters(d, CovarianceForm.Full, 1, d, 1);
            GaussianFactors factors = GaussianFactors.Create(parameters);
            Matrix<double> expected = Matrix<double>.Build.Dense(d, d, (i, j) => parameters.Covariance(0, i, j)).Cholesky().Factor;
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j <= i; j++)
                    factors.Factor(0)[Symmetric.Index(i, j)].ShouldBe(expected[i, j], 1e-12 * d);
            }
        }
    }

    [Fact]
    public void Eigenvalues_agree_with_MathNet_and_rebuild_the_matrix()
    {
        for (int d = 1; d <= 30; d++)
        {
            MixtureParameters parameters = MixtureCase.Parameters(d, CovarianceForm.Full, 1, d, 1);
            Matrix<double> matrix = Matrix<double>.Build.Dense(d, d, (i, j) => parameters.Covariance(0, i, j));
            SymmetricEigen eigen = SymmetricEigen.Decompose(matrix.ToRowMajorArray(), d);
            double[] expected = [.. matrix.Evd(Symmetricity.Symmetric).EigenValues.Select(value => value.Real).Order()];
            double[] actual = [.. eigen.Values.Order()];
            for (int j = 0; j < d; j++)
                actual[j].ShouldBe(expected[j], 1e-12 * d);
            double[] rebuilt = eigen.Rebuild(value => value);
            for (int i = 0; i < d * d; i++)
                rebuilt[i].ShouldBe(matrix[i / d, i % d], 1e-12 * d);
        }
    }

    [Fact]
    public void A_matrix_that_is_not_positive_definite_has_no_factor()
    {
        Symmetric.TryFactor([1, 2, 1], new double[3], 2).ShouldBeFalse();
        Symmetric.TryFactor([0], new double[1], 1).ShouldBeFalse();
        Symmetric.TryFactor([double.NaN], new double[1], 1).ShouldBeFalse();
        Symmetric.TryFactor([4, 2, 2], new double[3], 2).ShouldBeTrue();
    }

    [Fact]
    public void Components_of_two_versions_have_distances()
    {
        // N(0, 1) and N(3, 4), the second with another origin.
        var first = new MixtureModel(new MixtureParameters(CovarianceForm.Spherical, [0], [1], [0], [1]));
        var second = new MixtureModel(new MixtureParameters(CovarianceForm.Full, [1], [1], [2], [4]));
        VersionClusters before = first.Clusters(new double[] { 10 });
        VersionClusters after = second.Clusters(new double[] { 10 });
        new WassersteinCosts(before, after).Absolute(0, 0).ShouldBe(Math.Sqrt(9 + 1), 1e-14);
        new BhattacharyyaCosts(before, after).Between(0, 0).ShouldBe((0.25 * 9 / 5) + (0.5 * Math.Log(5.0 / 4)), 1e-14);
    }

    [Fact]
    public void Clusters_of_one_id_are_compared_whatever_their_places()
    {
        // In the later version the components 3 and 8 have changed places, 5 is gone and 9 is new.
        var first = new MixtureModel(new MixtureParameters(CovarianceForm.Spherical, [0], [0.2, 0.3, 0.5], [0, 10, 30], [1, 4, 1]));
        var second = new MixtureModel(new MixtureParameters(CovarianceForm.Diagonal, [0], [0.2, 0.3, 0.5], [13, 0, 99], [16, 1, 1]));
        double[] sizes = [1, 1, 1];
        ImmutableArray<ClusterDistance> distances = ClusterDistances.Between(
            first.Clusters(sizes), new StableLabels([3, 8, 5], [], 9), second.Clusters(sizes), new StableLabels([8, 3, 9], [5], 10), new Threads(3));
        distances.Select(one => one.StableId).ShouldBe([3, 8]);
        distances[0].ShouldBe(new ClusterDistance(3, 0, 0, 0, 0));
        distances[1].Centres.ShouldBe(3);
        distances[1].Moved!.Value.ShouldBe(3 / Math.Sqrt(10), 1e-14);
        distances[1].Wasserstein!.Value.ShouldBe(Math.Sqrt(9 + 4), 1e-14);
        distances[1].Bhattacharyya!.Value.ShouldBe((0.125 * 9 / 10) + (0.5 * Math.Log(10.0 / 8)), 1e-14);
    }

    [Fact]
    public void What_is_no_gaussian_or_has_no_density_has_no_such_distance()
    {
        VersionClusters centres = new(1, new double[] { 1 }, new double[] { 0.5 }, new double[] { 2 });
        VersionClusters point = new(1, new double[] { 3 }, default, new double[] { 2 }, new double[] { 0 });
        VersionClusters gaussian = new(1, new double[] { 1 }, default, new double[] { 2 }, new double[] { 4 });
        StableLabels ids = StableLabels.First(1);
        ClusterDistances.Between(centres, ids, gaussian, ids, Sequential.Instance).ShouldHaveSingleItem().ShouldBe(new ClusterDistance(0, 0, 0, null, null));
        ClusterDistance singular = ClusterDistances.Between(point, ids, gaussian, ids, Sequential.Instance).ShouldHaveSingleItem();
        singular.Bhattacharyya.ShouldBeNull();
        singular.Wasserstein!.Value.ShouldBe(Math.Sqrt(4 + 4), 1e-14);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Clusters_for_alignment_are_the_components(CovarianceForm form)
    {
        MixtureParameters parameters = MixtureCase.Parameters(120, form, 2, 3, 1);
        var model = new MixtureModel(parameters);
        VersionClusters clusters = model.Clusters(new double[] { 3, 4 });
        clusters.Centroids.ToArray().ShouldBe(model.Means());
        clusters.Diagonal.ShouldBe(form is CovarianceForm.Diagonal or CovarianceForm.Spherical);
        clusters.Covariances.Span[^1].ShouldBe(parameters.Covariance(1, 2, 2));
        clusters.Spreads.Span[1].ShouldBe(Math.Sqrt(Enumerable.Range(0, 3).Sum(j => parameters.Covariance(1, j, j))), 1e-14);
    }

    [Fact]
    public void The_divergence_of_two_gaussians_is_the_formulas_within_its_error()
    {
        MixtureModel p = new(new MixtureParameters(CovarianceForm.Diagonal, [0, 0], [1], [0, 0], [1, 1]));
        MixtureModel q = new(new MixtureParameters(CovarianceForm.Diagonal, [5, 0], [1], [-4, 0], [2, 0.5]));
        // ½ (tr Q⁻¹P + δᵀQ⁻¹δ − d + ln |Q|/|P|)
        double expected = 0.5 * (0.5 + 2 + 0.5 - 2 + Math.Log(2 * 0.5));
        (MixtureScorer from, MixtureScorer to) = (new MixtureScorer(p), new MixtureScorer(q));
        MonteCarloEstimate estimate = MixtureDivergence.KullbackLeibler(from, to, 9, 0, 50_000, Sequential.Instance);
        estimate.StandardError.ShouldBeInRange(0.001, 0.02);
        estimate.Value.ShouldBe(expected, 4 * estimate.StandardError);
        MixtureDivergence.KullbackLeibler(from, from, 9, 0, 1000, Sequential.Instance).Value.ShouldBe(0);
        // The parts are those of the whole: their mean is its mean.
        double[] parts = [.. Enumerable.Range(0, 5)
            .Select(part => MixtureDivergence.KullbackLeibler(from, to, 9, 10_000 * part, 10_000, new Threads(3)).Value)];
        parts.Average().ShouldBe(estimate.Value, 1e-12);
        parts.Distinct().Count().ShouldBe(5);
    }

    [Fact]
    public void Without_any_density_in_common_the_divergence_is_infinite()
    {
        MixtureScorer p = new(new MixtureModel(new MixtureParameters(CovarianceForm.Spherical, [0], [1], [0], [1])));
        MixtureScorer q = new(new MixtureModel(new MixtureParameters(CovarianceForm.Spherical, [0], [1], [1e200], [1])));
        MonteCarloEstimate estimate = MixtureDivergence.KullbackLeibler(p, q, 1, 0, 10, Sequential.Instance);
        estimate.Value.ShouldBe(double.PositiveInfinity);
        estimate.StandardError.ShouldBe(double.NaN);
    }
}
