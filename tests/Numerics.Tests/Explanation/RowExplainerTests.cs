using OrleansCluster.Numerics.Explanation;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;

namespace OrleansCluster.Numerics.Tests.Explanation;

/// <summary>Why rows belong to their clusters, beside what numpy 1.24.2 tells of the same models, by inverses, determinants and roots of polynomials.</summary>
public sealed class RowExplainerTests
{
    private static readonly double[] Origins = [100, -5, 0], Weights = [0.5, 0.3, 0.2], Means = [0, 0, 0, 2, 1, -1, -1, 3, 0.5], Row = [100.7, -4.2, -0.4];

    private static readonly double[] Matrices = [2, 0.5, 1, 0.3, -0.2, 1.5, 1, -0.4, 2, 0, 0.6, 1, 1.5, 0.2, 0.8, 0.1, 0.3, 2];

    private static double[] Covariances(CovarianceForm form) => form switch
    {
        CovarianceForm.Full => Matrices,
        CovarianceForm.Tied => Matrices[..6],
        CovarianceForm.Diagonal => [2, 1, 1.5, 1, 2, 1, 1.5, 0.8, 2],
        _ => [2, 1, 1.5],
    };

    [Theory]
    [InlineData(CovarianceForm.Full, -4.267155439446739, 1.3087080624352758, new[] { 0.07803757828810118, 0.2573695198329848, 0.04509394572025064 },
        new[] { 0.9566921514416241, -0.18439654686001183, 0.26625740563110056 }, new[] { 101.5115658198694, -3.37923398431861, -1.8807181589718134 })]
    [InlineData(CovarianceForm.Tied, -4.267155439446739, 0.8160448304465717, new[] { 0.07803757828810118, 0.2573695198329848, 0.04509394572025064 },
        new[] { 0.45824634655532026, -0.29081419624217053, 0.13778705636743188 }, new[] { 101.47865632227871, double.NaN, -1.3772136844597693 })]
    [InlineData(CovarianceForm.Diagonal, -4.495102257841352, 0.8472597363785708, new[] { 0.122500000000001, 0.32, 0.05333333333333334 },
        new[] { 0.7225, -0.31, 0.12666666666666665 }, new[] { 101.26121175435455, -3.4253079901638173, -1.7052252776144488 })]
    [InlineData(CovarianceForm.Spherical, -4.812183551013882, 0.193604852926069, new[] { 0.1225, 0.16, 0.04 },
        new[] { 0.7225, -0.14, 0.14 }, new[] { 100.81949994681722, -3.8158312253742963, -0.6637438163676379 })]
    public void Densities_are_explained_under_every_form(
        CovarianceForm form, double fit, double lead, double[] parts, double[] against, double[] boundaries)
    {
        var clusters = new ComponentDensities(new MixtureModel(new MixtureParameters(form, Origins, Weights, Means, Covariances(form))));
        RowExplanation told = new RowExplainer(clusters).Explain(Row, 0);
        (told.Cluster, told.RunnerUp).ShouldBe((0, 1));
        told.Fit.ShouldBe(fit, 1e-12);
        told.Lead.ShouldBe(lead, 1e-12);
        for (int j = 0; j < 3; j++)
        {
            told.Parts[j].ShouldBe(parts[j], 1e-12);
            told.Against[j].ShouldBe(against[j], 1e-12);
            if (double.IsNaN(boundaries[j]))
                told.Boundaries[j].ShouldBe(double.NaN);
            else
                told.Boundaries[j].ShouldBe(boundaries[j], 1e-9);
        }

        (told.Constant + told.Against.Sum()).ShouldBe(told.Lead, 1e-12);
        (clusters.Constant(0) - told.Parts.Sum()).ShouldBe(told.Fit, 1e-12);
    }

    [Fact]
    public void Squared_distances_are_explained_and_a_column_that_centres_share_changes_nothing()
    {
        // |x − a|² = 1.44 + 0.25 + 36 and |x − b|² = 3.24 + 0.25 + 36; half way between them is 1.5. In the other columns both are equally far, wherever the
        // row is.
        var clusters = new CentreDistances(new KMeansModel([0, 0, 1, 3, 0, 1, 0, 4, 1], 3));
        RowExplanation told = new RowExplainer(clusters).Explain([1.2, 0.5, 7], 0);
        (told.RunnerUp, told.Constant).ShouldBe((1, 0));
        told.Fit.ShouldBe(-37.69, 1e-12);
        told.Lead.ShouldBe(1.8, 1e-12);
        told.Parts.Zip([1.44, 0.25, 36.0], (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-12);
        told.Against.Zip([1.8, 0.0, 0.0], (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-12);
        told.Boundaries[0].ShouldBe(1.5, 1e-12);
        told.Boundaries[1].ShouldBe(double.NaN);
        told.Boundaries[2].ShouldBe(double.NaN);
    }

    [Fact]
    public void Where_a_third_cluster_has_the_row_there_is_no_boundary()
    {
        // x² + 9 = (x − 4)² + 16 at 23/8, where the third is farther still. Along the second column from (3.4, −4) the next best would come at 5.3, where the
        // third has had the row for long.
        var clusters = new CentreDistances(new KMeansModel([0, 0, 8, 1, 4, 7], 2));
        RowExplanation told = new RowExplainer(clusters).Explain([1, 3], 0);
        told.RunnerUp.ShouldBe(2);
        told.Boundaries[0].ShouldBe(2.875, 1e-12);
        RowExplanation below = new RowExplainer(clusters).Explain([3.4, -4], 0);
        below.RunnerUp.ShouldBe(1);
        below.Boundaries[1].ShouldBe(double.NaN);
    }

    [Fact]
    public void At_a_boundary_two_clusters_fit_alike_and_no_third_does_better()
    {
        var random = new Random(7);
        for (int round = 0; round < 200; round++)
        {
            double[] centres = [.. Enumerable.Range(0, 20).Select(_ => (10 * random.NextDouble()) - 5)];
            var clusters = new CentreDistances(new KMeansModel(centres, 4));
            var explainer = new RowExplainer(clusters);
            double[] row = [.. Enumerable.Range(0, 4).Select(_ => (10 * random.NextDouble()) - 5)];
            RowExplanation told = explainer.Explain(row, explainer.Best(row));
            told.Lead.ShouldBeGreaterThanOrEqualTo(0);
            (told.Constant + told.Against.Sum()).ShouldBe(told.Lead, 1e-12 * (1 + Math.Abs(told.Fit)));
            for (int j = 0; j < 4; j++)
            {
                if (double.IsNaN(told.Boundaries[j]))
                    continue;
                double[] there = [.. row];
                there[j] = told.Boundaries[j];
                RowExplanation moved = explainer.Explain(there, told.Cluster);
                moved.RunnerUp.ShouldBe(told.RunnerUp);
                moved.Lead.ShouldBe(0, 1e-9);
            }
        }
    }

    [Fact]
    public void One_cluster_has_no_other()
    {
        RowExplanation told = new RowExplainer(new CentreDistances(new KMeansModel([1, 2], 2))).Explain([4, 6], 0);
        (told.RunnerUp, told.Fit, told.Constant).ShouldBe((-1, -25, 0));
        told.Lead.ShouldBe(double.NaN);
        told.Boundaries.ShouldAllBe(value => double.IsNaN(value));
        told.Parts.ShouldBe([9, 16]);
    }
}
