using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Tests.Evaluation;

/// <summary>
/// Figures of scikit-learn 1.2.1: silhouette_score, silhouette_samples, calinski_harabasz_score and davies_bouldin_score on
/// <code>
/// lab = lcg(120, 3, 22)
/// x = numpy.stack([lcg(120, 1000, 20) / 64 + 20 * lab, lcg(120, 1000, 21) / 64], 1)
/// </code>
/// Ours are taken of the same rows moved by 2^20, which is exact and must change nothing (it costs scikit-learn six digits).
/// </summary>
public class RowIndicesTests
{
    private const double Offset = 1 << 20;

    private static readonly int[] Labels = Sequences.Lcg(120, 3, 22);
    private static readonly double[] Values = MakeValues();
    private static readonly double[] Weights = [.. Sequences.Lcg(120, 3, 23).Select(w => (double)w)];

    private static double[] MakeValues()
    {
        int[] first = Sequences.Lcg(120, 1000, 20);
        int[] second = Sequences.Lcg(120, 1000, 21);
        double[] values = new double[240];
        for (int i = 0; i < 120; i++)
        {
            values[2 * i] = (first[i] / 64.0) + (20 * Labels[i]) + Offset;
            values[(2 * i) + 1] = (second[i] / 64.0) + Offset;
        }

        return values;
    }

    [Fact]
    public void Silhouette_equals_scikit_learn()
    {
        RowBlock rows = new(Values, 2);
        SilhouetteScore score = Silhouette.Score(rows, Labels);
        score.Mean.ShouldBe(0.5841924857994836, 1e-12);
        score.StandardError.ShouldBe(0.011221248966671846, 1e-12);
        score.Weight.ShouldBe(120);
        score.Clusters[0]!.Value.ShouldBe(0.589865324276101, 1e-12);
        score.Clusters[1]!.Value.ShouldBe(0.5582455183902506, 1e-12);
        score.Clusters[2]!.Value.ShouldBe(0.6098332959201447, 1e-12);
        double[] each = Silhouette.Values(rows, Labels);
        each[0].ShouldBe(0.33556188404265275, 1e-12);
        each[119].ShouldBe(0.6253425083365795, 1e-12);
    }

    [Fact]
    public void Silhouette_takes_weights_for_repeated_rows()
    {
        // scikit-learn on numpy.repeat(x, w, 0), w = lcg(120, 3, 23).
        SilhouetteScore score = Silhouette.Score(new RowBlock(Values, 2, Weights), Labels);
        score.Mean.ShouldBe(0.5994378304089815, 1e-12);
        score.StandardError.ShouldBe(0.012179186467612001, 1e-12);
        score.Weight.ShouldBe(106);
    }

    [Fact]
    public void Silhouette_does_not_depend_on_who_computes_it()
    {
        RowBlock rows = new(Values, 2);
        Silhouette.Values(rows, Labels, new KMeans.Threads(7)).ShouldBe(Silhouette.Values(rows, Labels));
    }

    [Fact]
    public void Silhouette_by_hand()
    {
        // 0 and 1 against 4 alone: a = 1, b = 4 and 3.
        double[] values = Silhouette.Values(new RowBlock(new float[] { 0, 1, 4 }, 1), new[] { 0, 0, 1 });
        values[0].ShouldBe(0.75);
        values[1].ShouldBe(2.0 / 3, 1e-15);
        values[2].ShouldBe(0);
        Silhouette.Values(new RowBlock(new double[] { 2, 2, 2, 2 }, 1), new[] { 0, 0, 1, 1 }).ShouldAllBe(s => s == 0);
        SilhouetteScore gap = Silhouette.Score(new RowBlock(new double[] { 0, 1, 4 }, 1), new[] { 0, 0, 2 });
        gap.Clusters[1].ShouldBeNull();
    }

    [Fact]
    public void Silhouette_needs_a_cluster_for_every_row()
    {
        Should.Throw<ArgumentException>(() => Silhouette.Score(new RowBlock(new double[] { 1, 2 }, 1), new[] { 0, -1 })).Message.ShouldContain("Row 1");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Dispersion_indices_equal_scikit_learn(int shards)
    {
        ClusterDispersions clusters = Dispersions(Means(null), null, shards);
        InternalIndices.CalinskiHarabasz(clusters).ShouldBe(394.1809750136691, 1e-7);
        InternalIndices.DaviesBouldin(clusters).ShouldBe(0.5759488835586456, 1e-10);
    }

    [Fact]
    public void Dispersion_indices_take_weights_for_repeated_rows()
    {
        ClusterDispersions clusters = Dispersions(Means(Weights), Weights, 3);
        InternalIndices.CalinskiHarabasz(clusters).ShouldBe(384.2571557978725, 1e-7);
        InternalIndices.DaviesBouldin(clusters).ShouldBe(0.5709851891294815, 1e-10);
    }

    [Fact]
    public void Inertia_is_about_the_mean_whatever_the_centroids()
    {
        double[] away = [.. Means(null).Select(mean => mean + 0.25)];
        ClusterDispersions clusters = Dispersions(away, null, 2);
        double[] means = Means(null);
        for (int t = 0; t < means.Length; t++)
            clusters.Means[t].ShouldBe(means[t], 1e-9);
        InternalIndices.CalinskiHarabasz(clusters).ShouldBe(394.1809750136691, 1e-6);
    }

    [Fact]
    public void Clusters_without_rows_do_not_count()
    {
        DispersionStatistic statistic = new([0, 50, 10], 1);
        statistic.Accumulate(new RowBlock(new double[] { -1, 1, 9, 11 }, 1), [0, 0, 2, 2]);
        ClusterDispersions clusters = statistic.Finish();
        clusters.Weights.ShouldBe([2, 0, 2]);
        InternalIndices.DaviesBouldin(clusters).ShouldBe(0.2);
        InternalIndices.CalinskiHarabasz(clusters).ShouldBe(50);
        InternalIndices.DaviesBouldin(new DispersionStatistic([0, 1], 1).Finish()).ShouldBe(double.NaN);
        Should.Throw<ArgumentException>(() => statistic.Accumulate(new RowBlock(new double[] { 1 }, 1, firstRow: 40), [3]))
            .Message.ShouldContain("Row 40 has the label 3");
        Should.Throw<ArgumentException>(() => statistic.MergeFrom(new DispersionStatistic([0, 51, 10], 1)));
    }

    private static double[] Means(double[]? weights)
    {
        double[] means = new double[6];
        for (int c = 0; c < 3; c++)
        {
            double total = 0;
            for (int i = 0; i < 120; i++)
            {
                double weight = Labels[i] != c ? 0 : weights?[i] ?? 1;
                total += weight;
                means[2 * c] += weight * (Values[2 * i] - Offset);
                means[(2 * c) + 1] += weight * (Values[(2 * i) + 1] - Offset);
            }

            means[2 * c] = (means[2 * c] / total) + Offset;
            means[(2 * c) + 1] = (means[(2 * c) + 1] / total) + Offset;
        }

        return means;
    }

    private static ClusterDispersions Dispersions(double[] centroids, double[]? weights, int shards)
    {
        DispersionStatistic merged = new(centroids, 2);
        for (int shard = 0; shard < shards; shard++)
        {
            (int start, int end) = (120 * shard / shards, 120 * (shard + 1) / shards);
            DispersionStatistic part = new(centroids, 2);
            part.Accumulate(new RowBlock(Values.AsMemory((2 * start)..(2 * end)), 2,
                weights.AsMemory()[(weights is null ? 0 : start)..(weights is null ? 0 : end)]), Labels.AsSpan(start..end));
            merged.MergeFrom(part);
        }

        return merged.Finish();
    }
}
