using OrleansCluster.Numerics.Alignment;

namespace OrleansCluster.Numerics.Tests.Alignment;

public class LabelAlignmentTests
{
    /// <summary>Clusters on a line, each of spread 1 and size 100.</summary>
    private static VersionClusters Line(params double[] centroids) =>
        new(1, centroids, Enumerable.Repeat(1.0, centroids.Length).ToArray(), Enumerable.Repeat(100.0, centroids.Length).ToArray());

    private static int[] Ids(AlignmentResult result) => [.. result.Labels.Ids];

    [Fact]
    public void Permuted_clusters_keep_their_ids()
    {
        AlignmentResult result = LabelAlignment.Align(Line(0, 10, 20), new StableLabels([4, 7, 5], [0, 6], 9), Line(20.1, 0, 10));
        Ids(result).ShouldBe([5, 4, 7]);
        result.Labels.NextId.ShouldBe(9);
        result.Labels.Retired.ShouldBe([0, 6]);
        result.Died.ShouldBeEmpty();
        result.Anchors.ShouldBeNull();
        ClusterMatch moved = result.Clusters[0].Match!;
        moved.Index.ShouldBe(2);
        moved.Moved!.Value.ShouldBe(0.1, 1e-12);
        moved.Cost.ShouldBe(moved.Moved!.Value);
        moved.Margin!.Value.ShouldBe(0.9, 1e-12);
        result.Clusters[1].Match!.Confidence.ShouldBe(1);
        result.LeastConfidence!.Value.ShouldBe(0.9, 1e-12);
        result.TotalCost.ShouldBe(0.1, 1e-12);
    }

    [Fact]
    public void A_chain_of_moves_is_matched_as_a_whole()
    {
        // Each new cluster is nearest to the next old one; only together they fit.
        AlignmentResult result = LabelAlignment.Align(Line(0, 1, 2), StableLabels.First(3), Line(0.55, 1.55, 2.55));
        Ids(result).ShouldBe([0, 1, 2]);

        // The best alternative leaves 2.55 and 0 alone, for 1, and moves the others by 0.45: 1.9 in place of 3 × 0.55.
        result.Clusters.ShouldAllBe(cluster => Math.Abs(cluster.Match!.Confidence!.Value - 0.25) < 1e-12);
    }

    [Fact]
    public void Far_clusters_are_born_and_dead_ids_never_return()
    {
        AlignmentResult first = LabelAlignment.Align(Line(0, 10, 20), StableLabels.First(3), Line(0, 20));
        Ids(first).ShouldBe([0, 2]);
        first.Died.ShouldHaveSingleItem().StableId.ShouldBe(1);
        first.Labels.Retired.ShouldBe([1]);
        first.Labels.NextId.ShouldBe(3);

        // The same cluster comes back where it was: a new id.
        AlignmentResult second = LabelAlignment.Align(Line(0, 20), first.Labels, Line(10, 20, 0));
        Ids(second).ShouldBe([3, 2, 0]);
        second.Clusters[0].Match.ShouldBeNull();
        second.Clusters[0].Jaccard.ShouldBeNull();
        second.Labels.NextId.ShouldBe(4);
        second.Labels.Retired.ShouldBe([1]);
    }

    [Fact]
    public void A_split_is_told_by_the_anchors()
    {
        AnchorLabels anchors = new(new[] { 0, 0, 0, 0, 0, 1, 1, 1 }, new[] { 2, 2, 2, 0, 0, 1, 1, 1 });
        AlignmentResult result = LabelAlignment.Align(Line(0, 10), StableLabels.First(2), Line(3, 10, -0.8), anchors: anchors);
        Ids(result).ShouldBe([2, 1, 0]);
        result.Clusters[0].SplitFrom.ShouldBe(0);
        result.Clusters[0].SplitShare.ShouldBe(1);
        result.Clusters[0].Jaccard.ShouldBe(0);
        result.Clusters[2].SplitFrom.ShouldBeNull();
        result.Clusters[2].Jaccard!.Value.ShouldBe(0.6, 1e-15);
        result.Anchors!.Churn.ShouldBe(0.25);
        result.Anchors.Weight.ShouldBe(8);
        result.Anchors.Flows.ShouldBe([new AnchorFlow(0, 2, 2), new AnchorFlow(0, 0, 3), new AnchorFlow(1, 1, 3)]);
    }

    [Fact]
    public void A_cluster_that_fell_into_pieces_is_named_by_each()
    {
        AnchorLabels anchors = new(new[] { 0, 0, 0, 0 }, new[] { 0, 0, 1, 1 });
        AlignmentResult result = LabelAlignment.Align(Line(0), StableLabels.First(1), Line(-3, 3), anchors: anchors);
        Ids(result).ShouldBe([1, 2]);
        result.Clusters.ShouldAllBe(cluster => cluster.SplitFrom == 0);
        result.Died.ShouldHaveSingleItem().MergedInto.ShouldBeNull();
    }

    [Fact]
    public void A_merge_is_told_by_the_anchors()
    {
        AnchorLabels anchors = new(new[] { 0, 0, 0, 1, 1, 2, 2, -1, 0 }, new[] { 0, 0, 0, 0, 0, 1, 1, 0, -1 }, new[] { 1, 1, 1, 2, 1, 1, 1, 50.0, 50 });
        AlignmentResult result = LabelAlignment.Align(Line(0, 3, 30), StableLabels.First(3), Line(0.8, 30), anchors: anchors);
        Ids(result).ShouldBe([0, 2]);
        DeadCluster dead = result.Died.ShouldHaveSingleItem();
        (dead.StableId, dead.Index, dead.MergedInto, dead.MergedShare).ShouldBe((1, 1, 0, 1.0));
        result.Clusters[0].SplitFrom.ShouldBeNull();
        result.Anchors!.Weight.ShouldBe(8);
        result.Anchors.Churn.ShouldBe(3.0 / 8);
    }

    [Fact]
    public void Overlap_matches_without_looking_at_centroids()
    {
        AnchorLabels anchors = new(new[] { 0, 0, 0, 1, 1, 1 }, new[] { 0, 0, 1, 1, 1, 1 });
        AlignmentOptions options = new() { Cost = AlignmentCost.Overlap };
        AlignmentResult result = LabelAlignment.Align(Line(0, 1), StableLabels.First(2), Line(500, 501), options, anchors);
        Ids(result).ShouldBe([0, 1]);
        result.Limit.ShouldBe(0.75);
        result.Clusters[0].Match!.Cost.ShouldBe(1.0 / 3, 1e-15);
        result.Clusters[1].Match!.Cost.ShouldBe(0.25);
        result.Clusters[0].Match!.Moved.ShouldBe(500);
        Should.Throw<ArgumentException>(() => LabelAlignment.Align(Line(0), StableLabels.First(1), Line(0), options)).Message.ShouldContain("anchor rows");
        Should.Throw<ArgumentException>(() => LabelAlignment.Align(Line(0, 1), StableLabels.First(2), Line(0, 1), options with { Limit = 1.5 }, anchors))
            .Message.ShouldContain("above 1");
    }

    [Theory]
    [InlineData(AlignmentCost.Bhattacharyya)]
    [InlineData(AlignmentCost.Wasserstein)]
    public void Gaussians_of_one_mean_are_told_apart_by_shape(AlignmentCost cost)
    {
        double[] means = [0, 0, 0, 0];
        VersionClusters before = new(2, means, default, new double[] { 1, 1 }, new double[] { 4, 0.04, 0.04, 4 });
        VersionClusters after = new(2, means, default, new double[] { 1, 1 }, new double[] { 0.05, 4.1, 4.1, 0.05 });
        AlignmentResult result = LabelAlignment.Align(before, StableLabels.First(2), after, new AlignmentOptions { Cost = cost });
        Ids(result).ShouldBe([1, 0]);
        result.LeastConfidence!.Value.ShouldBeGreaterThan(0.7);
    }

    [Fact]
    public void A_cluster_without_spread_may_move_by_a_hair()
    {
        VersionClusters before = new(1, new double[] { 0, 10 }, new double[] { 1, 0 }, new double[] { 100, 1 });
        VersionClusters after = new(1, new double[] { 0, 10.01 }, new double[] { 1, 0 }, new double[] { 100, 1 });
        AlignmentResult result = LabelAlignment.Align(before, StableLabels.First(2), after);
        Ids(result).ShouldBe([0, 1]);
        result.Clusters[1].Match!.Cost.ShouldBe(0.1, 0.01);
    }

    [Fact]
    public void Without_any_spread_only_equal_places_match()
    {
        VersionClusters before = new(1, new double[] { 0, 10 }, new double[] { 0, 0 }, new double[] { 1, 1 });
        VersionClusters after = new(1, new double[] { 10, 0.5 }, new double[] { 0, 0 }, new double[] { 1, 1 });
        AlignmentResult result = LabelAlignment.Align(before, StableLabels.First(2), after);
        Ids(result).ShouldBe([1, 2]);
        AlignmentOptions overlap = new() { Cost = AlignmentCost.Overlap };
        result = LabelAlignment.Align(before, StableLabels.First(2), after, overlap, new AnchorLabels(new[] { 0, 1 }, new[] { 1, 0 }));
        result.Clusters[1].Match!.Moved.ShouldBeNull();
    }

    [Fact]
    public void Bad_input_is_named()
    {
        StableLabels two = StableLabels.First(2);
        VersionClusters plane = new(2, new double[] { 0, 1 }, new double[] { 1 }, new double[] { 1 });
        Should.Throw<ArgumentException>(() => LabelAlignment.Align(Line(0), two, Line(0))).Message.ShouldContain("2 stable ids for the 1 clusters");
        Should.Throw<ArgumentException>(() => LabelAlignment.Align(Line(0), StableLabels.First(1), plane)).Message.ShouldContain("1 and 2 columns");
        Should.Throw<ArgumentException>(() => LabelAlignment.Align(Line(0), StableLabels.First(1), Line(0), anchors: new(new[] { 0, 0 }, new[] { 0, 1 })))
            .Message.ShouldContain("Anchor row 1 has the label 1 in the new version, which has 1 clusters");
        Should.Throw<ArgumentException>(() => Line(0, double.NaN)).Message.ShouldContain("Cluster 1, column 0");
        Should.Throw<ArgumentException>(() => new VersionClusters(1, new double[] { 1 }, new double[] { -1 }, new double[] { 1 }))
            .Message.ShouldContain("spread is -1");
        Should.Throw<ArgumentException>(() => new StableLabels([1, 1], [], 5)).Message.ShouldContain("1 occurs twice");
        Should.Throw<ArgumentException>(() => new StableLabels([1], [1], 5)).Message.ShouldContain("retired and in use");
        Should.Throw<ArgumentException>(() => new StableLabels([5], [], 5)).Message.ShouldContain("next free id 5");
        Should.Throw<ArgumentOutOfRangeException>(() => new AlignmentOptions { Limit = 0 });
        Should.Throw<ArgumentOutOfRangeException>(() => new AlignmentOptions { Majority = 0.4 });
    }

    [Fact]
    public void Versions_without_clusters_align()
    {
        AlignmentResult result = LabelAlignment.Align(Line(0, 5), StableLabels.First(2), Line());
        result.Died.Select(dead => dead.StableId).ShouldBe([0, 1]);
        result.LeastConfidence.ShouldBeNull();
        Ids(LabelAlignment.Align(Line(), new StableLabels([], [0, 1], 2), Line(3))).ShouldBe([2]);
    }
}
