using System.Collections.Immutable;
using OrleansCluster.Numerics.Adaptation;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Tests.Adaptation;

public sealed class ClusterAdaptationTests
{
    /// <summary>Two clusters far apart, of which the second has been cut in two, and a third.</summary>
    private static readonly double[] Centres = [0, 0, 9.2, 10, 10.8, 10, 20, 0];

    [Fact]
    public void Clusters_that_lie_apart_stay_as_they_are()
    {
        RowBlock rows = Normal((0, 0, 400), (10, 10, 400), (20, 0, 400));
        ImmutableArray<AdaptedCluster> clusters = ClusterAdaptation.Of(rows, Nearest(rows, [0, 0, 10, 10, 20, 0]), 3);
        clusters.ShouldAllBe(cluster => !cluster.IsChanged);
        clusters.Select(cluster => cluster.From.Single()).ShouldBe([0, 1, 2]);
    }

    [Fact]
    public void Two_that_are_one_are_merged_and_one_that_is_two_is_split()
    {
        // The first has become two groups, six deviations apart; the second and third share one group.
        RowBlock rows = Normal((-3, 0, 400), (3, 0, 300), (10, 10, 800), (20, 0, 400));
        ImmutableArray<AdaptedCluster> clusters = ClusterAdaptation.Of(rows, Nearest(rows, Centres), 4);
        clusters.Select(cluster => (string.Join(',', cluster.From), cluster.IsHalf)).ShouldBe([("0", true), ("1,2", false), ("3", false), ("0", true)]);
        clusters[1].Rows.Length.ShouldBe(800);

        KMeansModel centres = KMeansAdaptation.Adapt(new KMeansModel(Centres, 2), clusters, rows);
        centres.K.ShouldBe(4);
        centres.Centroids[2].ShouldBe(10, 0.2);
        centres.Centroids[3].ShouldBe(10, 0.2);
        (centres.Centroids[4], centres.Centroids[5]).ShouldBe((20, 0), "What stayed keeps its bits.");
        new[] { centres.Centroids[0], centres.Centroids[6] }.Order().ToArray().ShouldBe([-3, 3], 0.3);
    }

    [Theory]
    [InlineData(CovarianceForm.Full)]
    [InlineData(CovarianceForm.Diagonal)]
    [InlineData(CovarianceForm.Spherical)]
    [InlineData(CovarianceForm.Tied)]
    public void Components_take_the_moments_of_their_rows_and_weights_still_add_up(CovarianceForm form)
    {
        RowBlock rows = Normal((-3, 0, 400), (3, 0, 300), (10, 10, 800), (20, 0, 400));
        ImmutableArray<AdaptedCluster> clusters = ClusterAdaptation.Of(rows, Nearest(rows, Centres), 4);
        double[] one = form switch { CovarianceForm.Spherical => [1], CovarianceForm.Diagonal => [1, 1], _ => [1, 0, 1] };
        double[] covariances = form == CovarianceForm.Tied ? one : [.. Enumerable.Repeat(one, 4).SelectMany(each => each)];
        double[] means = [.. Centres.Select((value, i) => value - (i % 2 == 0 ? 5 : 0))];
        var before = new MixtureModel(new MixtureParameters(form, [5, 0], [0.4, 0.2, 0.2, 0.2], means, covariances), threshold: -9);
        MixtureModel after = MixtureAdaptation.Adapt(before, clusters, rows);
        after.Threshold.ShouldBe(-9);
        after.Parameters.Weights.ToArray().Sum().ShouldBe(1, 1e-12);
        after.Parameters.Weights[1].ShouldBe(0.4, 1e-12);
        (after.Parameters.Mean(1)[0] + 5).ShouldBe(10, 0.2);
        after.Parameters.Covariance(1, 0, 0).ShouldBe(1, 0.15);
        after.Parameters.Covariance(3, 1, 1).ShouldBe(1, 0.2);
    }

    [Fact]
    public void What_is_cut_out_of_a_continuum_is_neither_merged_nor_split()
    {
        var random = new Random(3);
        double[] values = [.. Enumerable.Range(0, 8000).Select(_ => random.NextDouble() * 4)];
        var rows = new RowBlock(values, 2);
        double[] centres = [.. from x in Enumerable.Range(0, 4) from y in Enumerable.Range(0, 4) from value in new[] { x + 0.5, y + 0.5 } select value];
        ClusterAdaptation.Of(rows, Nearest(rows, centres), 16).ShouldAllBe(cluster => !cluster.IsChanged);
    }

    [Fact]
    public void Few_rows_and_rows_without_weight_say_nothing()
    {
        RowBlock few = Normal((-3, 0, 30), (3, 0, 30), (10, 10, 30));
        ClusterAdaptation.Of(few, Nearest(few, [0, 0, 10, 10]), 2).ShouldAllBe(cluster => !cluster.IsChanged);
        RowBlock rows = Normal((-3, 0, 400), (3, 0, 400), (10, 10, 400));
        RowBlock weighted = rows.WithWeights(Enumerable.Range(0, rows.Rows).Select(i => i is >= 400 and < 800 ? 0.0 : 1).ToArray());
        ClusterAdaptation.Of(weighted, Nearest(weighted, [0, 0, 10, 10]), 2).ShouldAllBe(cluster => !cluster.IsChanged);
        ClusterAdaptation.Of(rows, Nearest(rows, [0, 0, 10, 10]), 2).Length.ShouldBe(3);
    }

    /// <summary>Rows about points, of standard deviation 1.</summary>
    private static RowBlock Normal(params (double X, double Y, int Rows)[] groups)
    {
        var random = new Random(11);
        double Draw() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double[] values = [.. groups.SelectMany(group => Enumerable.Range(0, group.Rows).SelectMany(_ => new[] { group.X + Draw(), group.Y + Draw() }))];
        return new RowBlock(values, 2);
    }

    private static int[] Nearest(RowBlock rows, double[] centres) =>
    [
        .. Enumerable.Range(0, rows.Rows).Select(i => Enumerable.Range(0, centres.Length / 2).MinBy(c =>
            Square(rows.Float64.Span[2 * i] - centres[2 * c]) + Square(rows.Float64.Span[(2 * i) + 1] - centres[(2 * c) + 1]))),
    ];

    private static double Square(double value) => value * value;
}
