using OrleansCluster.Numerics.Alignment;
using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Tests.Evaluation;

/// <summary>
/// Every index where its definition ends: one cluster, as many as rows, rows without any spread, labellings of single rows. Figures are by hand or of
/// scikit-learn 1.2.1, which refuses to answer where ours is NaN.
/// </summary>
public sealed class EdgeTests
{
    private static readonly RowBlock Four = new(new double[] { 0, 1, 4, 10 }, 1);

    /// <summary>Four corners of a square of side 10, five rows each.</summary>
    private static readonly RowBlock Corners = new(Enumerable.Range(0, 20).SelectMany(i => new[] { i / 10 * 10.0, i / 5 % 2 * 10.0 }).ToArray(), 2);

    [Theory]
    [InlineData(new[] { 0, 0, 0, 0 }, double.NaN, double.NaN, double.NaN)]
    [InlineData(new[] { 0, 1, 2, 3 }, double.NaN, double.NaN, double.NaN)]
    [InlineData(new[] { 0, 0, 1, 2 }, 0.35416666666666663, 60.25, 0.11278195488721804)]
    [InlineData(new[] { 0, 0, 1, 1 }, 0.4105576441102757, 4.5675675675675675, 0.5384615384615384)]
    public void Clusters_are_compared_with_each_other_and_with_their_rows(int[] labels, double silhouette, double calinskiHarabasz, double daviesBouldin)
        => Check(Four, labels, silhouette, calinskiHarabasz, daviesBouldin);

    [Fact]
    public void Rows_at_their_means_are_the_best_that_there_is()
    {
        int[] perfect = [.. Enumerable.Range(0, 20).Select(i => i / 5)];
        // W = 0: where scikit-learn answers 1, the quotient has no bound.
        Check(Corners, perfect, 1, double.PositiveInfinity, 0);
        Check(Corners, [.. perfect.Select(label => Math.Max(0, label - 1))], 0.7222222222222222, 25.5, 0.4472135954999579);
    }

    [Fact]
    public void Clusters_in_one_place_are_no_clusters()
    {
        // All rows equal: nothing within and nothing between.
        var equal = new RowBlock(new double[] { 3, 3, 3, 3 }, 1);
        Check(equal, [0, 0, 1, 1], 0, double.NaN, double.PositiveInfinity);
        // 0 and 4 about 2, and 1 and 3 about 2: B = 0.
        Check(new RowBlock(new double[] { 0, 4, 1, 3 }, 1), [0, 0, 1, 1], -0.25, 0, double.PositiveInfinity);
    }

    [Fact]
    public void A_row_that_counts_as_several_is_no_single_row()
    {
        // 0 twice and 5 once: a = 0, b = 5 for the pair, and a row alone.
        var counted = new RowBlock(new double[] { 0, 5 }, 1, new double[] { 2, 1 });
        Check(counted, [0, 1], 2.0 / 3, double.PositiveInfinity, 0);
        Check(new RowBlock(new double[] { 0, 5 }, 1, new double[] { 1, 1 }), [0, 1], double.NaN, double.NaN, double.NaN);
        // A row of weight 0 is no row at all.
        Check(new RowBlock(new double[] { 0, 5, 6 }, 1, new double[] { 1, 1, 0 }), [0, 1, 1], double.NaN, double.NaN, double.NaN);
    }

    [Fact]
    public void Relative_weights_count_as_many_rows_as_are_effective()
    {
        var equal = new WeightTotals(120, 0.12, 120 * 1e-6, 120);
        equal.Size(WeightMeaning.Relative).ShouldBe(120, 1e-9);
        equal.Size(WeightMeaning.Count).ShouldBe(0.12);
        // (1 + 1 + 2)² / (1 + 1 + 4)
        new WeightTotals(3, 4, 6, 0).Size(WeightMeaning.Relative).ShouldBe(16.0 / 6, 1e-15);
        new WeightTotals(3, 4, 6, 0).Contradiction(WeightMeaning.Count, "BIC").ShouldBeNull();
        new WeightTotals(3, 2, 2, 0).Contradiction(WeightMeaning.Count, "BIC").ShouldBe(
            "The weights add up to 2, but 3 rows have one: they do not count rows, which is what BIC take them for. Say so with --weights relative, or give "
                + "counts.");
        new WeightTotals(3, 4.5, 7, 1).Contradiction(WeightMeaning.Count, "BIC")!.ShouldStartWith("The weights are no whole numbers in 1 of 3 rows");
        new WeightTotals(3, 2, 2, 3).Contradiction(WeightMeaning.Relative, "BIC").ShouldBeNull();
        // Where it was not said, a sum that counts as many rows as there are is taken for a count.
        new WeightTotals(3, 4, 6, 0).Size(WeightMeaning.Either).ShouldBe(4);
        new WeightTotals(3, 3, 3, 0).Size(WeightMeaning.Either).ShouldBe(3);
        new WeightTotals(3, 2, 2, 3).Size(WeightMeaning.Either).ShouldBe(2);
        new WeightTotals(3, 2.5, 2.25, 3).Size(WeightMeaning.Either).ShouldBe(2.5 * 2.5 / 2.25, 1e-15);
        new WeightTotals(3, 3e-200, 0, 3).HasSize(WeightMeaning.Relative).ShouldBeFalse();
        new WeightTotals(3, 3e200, double.PositiveInfinity, 0).HasSize(WeightMeaning.Relative).ShouldBeFalse();
    }

    // Fowlkes–Mallows of equal partitions of single rows is 0 / 0, for which scikit-learn says 0 and we, as of other equal partitions, 1.
    [Theory]
    [InlineData(new[] { 0, 1, 2, 3, 4 }, new[] { 4, 2, 3, 1, 0 }, 1, 1, 1, 1, 1, 1, 1, 1)]
    [InlineData(new[] { 0 }, new[] { 7 }, 1, 1, 1, 1, 1, 1, 1, 1)]
    [InlineData(new[] { 0, 0, 0, 0, 0 }, new[] { 3, 3, 3, 3, 3 }, 1, 1, 1, 1, 1, 1, 1, 1)]
    [InlineData(new[] { 0, 0, 1, 1 }, new[] { 1, 1, 0, 0 }, 1, 1, 1, 1, 1, 1, 1, 1)]
    [InlineData(new[] { 0, 0, 1, 2, 3 }, new[] { 0, 0, 1, 2, 3 }, 1, 1, 1, 1, 1, 1, 1, 1)]
    [InlineData(new[] { 0, 1, 2, 3, 4 }, new[] { 0, 0, 0, 0, 0 }, 0, 0, 0, 0, 0, 0, 1, 0.2)]
    [InlineData(new[] { 0, 0, 0, 0, 0 }, new[] { 0, 1, 2, 3, 4 }, 0, 0, 0, 0, 0, 1, 0, 1)]
    [InlineData(new[] { 0, 1, 2, 3, 4, 5 }, new[] { 0, 0, 1, 1, 2, 2 }, 0, 0.8, 0, 0, 0.7601875334318686, 0.6131471927654586, 1, 0.5)]
    [InlineData(new[] { 0, 0, 1, 1 }, new[] { 0, 1, 0, 1 }, -0.5, 0.3333333333333333, 0, -0.5, 0, 0, 0, 0.5)]
    [InlineData(new[] { 0, 1, 1 }, new[] { 0, 0, 1 }, -0.5, 0.3333333333333333, 0, -0.5, 0.2740175421212811, 0.2740175421212811, 0.2740175421212811,
        0.6666666666666666)]
    [InlineData(new[] { 0, 0, 1, 2, 3 }, new[] { 1, 0, 0, 2, 3 }, -0.1111111111111111, 0.8, 0, -0.1111111111111111, 0.7918756684685216, 0.7918756684685216,
        0.7918756684685216, 0.8)]
    public void Labellings_of_single_rows_and_of_one_label(
        int[] classes, int[] clusters, double ari, double rand, double fowlkesMallows, double ami, double nmi, double homogeneity, double completeness,
            double purity)
    {
        ContingencyTable table = ContingencyTable.Of(classes, clusters);
        ExternalIndices.AdjustedRand(table).ShouldBe(ari, 1e-14);
        ExternalIndices.Rand(table).ShouldBe(rand, 1e-14);
        ExternalIndices.FowlkesMallows(table).ShouldBe(fowlkesMallows, 1e-14);
        InformationIndices.AdjustedMutualInformation(table).ShouldBe(ami, 1e-13);
        InformationIndices.NormalizedMutualInformation(table).ShouldBe(nmi, 1e-14);
        InformationIndices.Homogeneity(table).ShouldBe(homogeneity, 1e-14);
        InformationIndices.Completeness(table).ShouldBe(completeness, 1e-14);
        ExternalIndices.Purity(table).ShouldBe(purity, 1e-15);
    }

    // The weighted index of these rows over all ordered pairs of different ones, each counted by the product of its weights, in Python.
    [Theory]
    [InlineData(1)]
    [InlineData(1e-3)]
    [InlineData(1e6)]
    public void Weights_that_only_compare_rows_have_an_adjusted_Rand_index_of_their_own(double factor)
    {
        int[] before = [0, 0, 0, 1, 1, 2], after = [0, 0, 1, 1, 1, 1];
        Index([0.1, 0.2, 0.05, 0.15, 0.3, 0.2]).ShouldBe(0.2839597150577254, 1e-13);
        Index([1, 1, 1, 1, 1, 1]).ShouldBe(0.03669724770642202, 1e-13);
        // Only two rows weigh, and both labellings have them apart.
        Index([1e-30, 1, 1e-30, 1e-30, 1, 1e-30]).ShouldBe(1);
        Index([0, 1, 0, 0, 0, 0]).ShouldBe(1);

        double Index(double[] weights) => LabelAlignment.Align(
            Line(0, 1, 2), StableLabels.First(3), Line(0, 2),
                anchors: new AnchorLabels(before, after, weights.Select(weight => weight * factor).ToArray())).Anchors!.AdjustedRand;

        static VersionClusters Line(params double[] places) => new(1, places, places.Select(_ => 1.0).ToArray(), places.Select(_ => 1.0).ToArray());
    }

    [Fact]
    public void Equal_partitions_are_1_to_the_last_bit_and_nothing_is_more()
    {
        for (int k = 1; k <= 40; k++)
        {
            int[] labels = Sequences.Lcg(40, k, k);
            ContingencyTable equal = ContingencyTable.Of(labels, [.. labels.Select(label => 100 - label)]);
            equal.IsOneToOne.ShouldBeTrue();
            InformationIndices.AdjustedMutualInformation(equal).ShouldBe(1);
            InformationIndices.NormalizedMutualInformation(equal).ShouldBe(1);
            InformationIndices.VMeasure(equal).ShouldBe(1);
            ContingencyTable finer = ContingencyTable.Of(labels, [.. labels.Select((label, i) => (2 * label) + (i % 2))]);
            InformationIndices.Homogeneity(finer).ShouldBe(1);
            InformationIndices.NormalizedMutualInformation(finer).ShouldBeLessThanOrEqualTo(1);
            InformationIndices.Completeness(finer).ShouldBeInRange(0, 1);
        }
    }

    private static void Check(RowBlock rows, int[] labels, double silhouette, double calinskiHarabasz, double daviesBouldin)
    {
        SilhouetteScore score = Silhouette.Score(rows, labels);
        Same(score.Mean, silhouette);
        double.IsNaN(score.StandardError).ShouldBe(double.IsNaN(silhouette));
        int d = rows.Columns;
        var means = new double[(labels.Max() + 1) * d];
        foreach (IGrouping<int, int> cluster in Enumerable.Range(0, rows.Rows).GroupBy(i => labels[i]))
        {
            double weight = cluster.Sum(Weight);
            for (int j = 0; j < d; j++)
                means[(cluster.Key * d) + j] = cluster.Sum(i => Weight(i) * rows.Float64.Span[(i * d) + j]) / weight;
        }

        var statistic = new DispersionStatistic(means, d);
        statistic.Accumulate(rows, labels);
        Same(InternalIndices.CalinskiHarabasz(statistic.Finish()), calinskiHarabasz);
        Same(InternalIndices.DaviesBouldin(statistic.Finish()), daviesBouldin);

        double Weight(int i) => rows.Weights.IsEmpty ? 1 : rows.Weights.Span[i];
    }

    private static void Same(double value, double expected)
    {
        if (double.IsFinite(expected))
            value.ShouldBe(expected, 1e-13 * (1 + expected));
        else
            value.ShouldBe(expected);
    }
}
