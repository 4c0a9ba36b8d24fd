using MathNet.Numerics.LinearAlgebra;
using OrleansCluster.Numerics.Alignment;

namespace OrleansCluster.Numerics.Tests.Alignment;

public class GaussianCostsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(24)]
    public void Equal_the_definitions_by_eigenvalues(int d)
    {
        Random random = new(d);
        const int K = 4;
        double[] beforeCovariances = Covariances(random, K, d);
        double[] afterCovariances = Covariances(random, K, d);
        VersionClusters before = new(d, Means(random, K, d), default, Ones(K), beforeCovariances);
        VersionClusters after = new(d, Means(random, K, d), default, Ones(K), afterCovariances);
        BhattacharyyaCosts bhattacharyya = new(before, after);
        WassersteinCosts wasserstein = new(before, after, 0);
        for (int i = 0; i < K; i++)
        {
            for (int j = 0; j < K; j++)
            {
                Matrix<double> a = Matrix(afterCovariances, i, d);
                Matrix<double> b = Matrix(beforeCovariances, j, d);
                Vector<double> difference = Vector<double>.Build.DenseOfEnumerable(
                    Enumerable.Range(0, d).Select(c => after.Centroids.Span[(i * d) + c] - before.Centroids.Span[(j * d) + c]));
                Matrix<double> average = (a + b) / 2;
                double expected = (0.125 * difference.DotProduct(average.Inverse() * difference))
                    + (0.5 * Math.Log(average.Determinant() / Math.Sqrt(a.Determinant() * b.Determinant())));
                bhattacharyya.Between(i, j).ShouldBe(expected, 1e-10 * (1 + expected));

                Matrix<double> root = Root(a);
                double squared = difference.DotProduct(difference) + a.Trace() + b.Trace() - (2 * Root(root * b * root).Trace());
                wasserstein.Absolute(i, j).ShouldBe(Math.Sqrt(squared), 1e-7);
                wasserstein.Between(i, j).ShouldBe(Math.Sqrt(squared / (0.5 * (a.Trace() + b.Trace()))), 1e-7);
            }
        }
    }

    [Fact]
    public void Variances_are_diagonal_matrices()
    {
        Random random = new(8);
        const int K = 5;
        const int D = 3;
        double[] variances = [.. Enumerable.Range(0, K * D).Select(_ => 0.1 + random.NextDouble())];
        double[] matrices = new double[K * D * D];
        for (int at = 0; at < variances.Length; at++)
            matrices[((at / D) * D * D) + ((at % D) * (D + 1))] = variances[at];
        double[] means = Means(random, K, D);
        VersionClusters other = new(D, Means(random, K, D), default, Ones(K), Enumerable.Reverse(variances).ToArray());
        VersionClusters diagonal = new(D, means, default, Ones(K), variances);
        VersionClusters full = new(D, means, default, Ones(K), matrices);
        diagonal.Spreads.ToArray().ShouldBe(full.Spreads.ToArray());
        for (int i = 0; i < K; i++)
        {
            for (int j = 0; j < K; j++)
            {
                new BhattacharyyaCosts(other, diagonal).Between(i, j).ShouldBe(new BhattacharyyaCosts(other, full).Between(i, j), 1e-12);
                new WassersteinCosts(other, diagonal).Between(i, j).ShouldBe(new WassersteinCosts(other, full).Between(i, j), 1e-7);
            }
        }
    }

    [Fact]
    public void By_hand_in_one_column()
    {
        // N(0, 1) and N(3, 4): ⅛·9/2.5 + ½ ln(2.5/2); (3² + (2 − 1)²)^½.
        VersionClusters before = new(1, new double[] { 0 }, default, Ones(1), new double[] { 1 });
        VersionClusters after = new(1, new double[] { 3 }, default, Ones(1), new double[] { 4 });
        new BhattacharyyaCosts(before, after).Between(0, 0).ShouldBe(0.45 + (0.5 * Math.Log(1.25)), 1e-14);
        new WassersteinCosts(before, after).Absolute(0, 0).ShouldBe(Math.Sqrt(10), 1e-14);
        new WassersteinCosts(before, after).Between(0, 0).ShouldBe(2, 1e-14);
        new CentroidCosts(before, after).Between(0, 0).ShouldBe(3 / Math.Sqrt(2.5), 1e-14);
    }

    [Fact]
    public void Equal_Gaussians_are_at_distance_zero_and_pruning_only_hides_what_is_beyond_the_limit()
    {
        Random random = new(9);
        const int K = 12;
        const int D = 4;
        VersionClusters version = new(D, Means(random, K, D), default, Ones(K), Covariances(random, K, D));
        foreach (GaussianCosts costs in new GaussianCosts[] { new BhattacharyyaCosts(version, version), new WassersteinCosts(version, version) })
        {
            double[] all = new double[K];
            double[] near = new double[K];
            for (int i = 0; i < K; i++)
            {
                costs.Between(i, i).ShouldBe(0);
                costs.Row(i, double.PositiveInfinity, all);
                costs.Row(i, 0.8, near);
                for (int j = 0; j < K; j++)
                {
                    if (all[j] < 0.8)
                        near[j].ShouldBe(all[j]);
                    else
                        near[j].ShouldBeGreaterThanOrEqualTo(0.8);
                }
            }
        }
    }

    [Fact]
    public void A_singular_covariance_is_named_and_has_a_Wasserstein_distance()
    {
        // Both lie on the line x = y; their roots commute: ‖Σ^½ − Σ′^½‖.
        VersionClusters before = new(2, new double[] { 0, 0 }, default, Ones(1), new double[] { 1, 1, 1, 1 });
        VersionClusters after = new(2, new double[] { 0, 0 }, default, Ones(1), new double[] { 4, 4, 4, 4 });
        Should.Throw<ArgumentException>(() => new BhattacharyyaCosts(before, after))
            .Message.ShouldContain("cluster 0 is not positive definite (found at column 1)");
        new WassersteinCosts(before, after).Absolute(0, 0).ShouldBe(Math.Sqrt(2), 1e-12);
        VersionClusters bare = new(2, new double[] { 0, 0 }, new double[] { 1 }, Ones(1));
        Should.Throw<ArgumentException>(() => new WassersteinCosts(before, bare)).Message.ShouldContain("needs covariances");
    }

    private static double[] Ones(int k) => [.. Enumerable.Repeat(1.0, k)];

    private static double[] Means(Random random, int k, int d) => [.. Enumerable.Range(0, k * d).Select(_ => 2 * random.NextDouble())];

    private static double[] Covariances(Random random, int k, int d)
    {
        double[] all = new double[k * d * d];
        for (int c = 0; c < k; c++)
        {
            Matrix<double> square = Matrix<double>.Build.Dense(d, d, (_, _) => random.NextDouble() - 0.5);
            Matrix<double> covariance = (square * square.Transpose()) + (0.05 * Matrix<double>.Build.DenseIdentity(d));
            for (int i = 0; i < d; i++)
            {
                for (int j = 0; j < d; j++)
                    all[(c * d * d) + (i * d) + j] = covariance[Math.Max(i, j), Math.Min(i, j)];
            }
        }

        return all;
    }

    private static Matrix<double> Matrix(double[] all, int component, int d)
        => Matrix<double>.Build.Dense(d, d, (i, j) => all[(component * d * d) + (i * d) + j]);

    private static Matrix<double> Root(Matrix<double> symmetric)
    {
        var eigen = ((symmetric + symmetric.Transpose()) / 2).Evd(MathNet.Numerics.LinearAlgebra.Symmetricity.Symmetric);
        return eigen.EigenVectors * eigen.D.Map(value => Math.Sqrt(Math.Max(0, value))) * eigen.EigenVectors.Transpose();
    }
}
