using System.Text.Json;
using OrleansCluster.Numerics.Alignment;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Evaluation;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Tests.KMeans;

namespace OrleansCluster.Numerics.Tests.Alignment;

/// <summary>What a retrain does to the labels, on public sets.</summary>
public class RetrainTests
{
    [Theory]
    [InlineData("s1", 15)]
    [InlineData("a3", 50)]
    [InlineData("birch1", 100)]
    public void Warm_retrains_on_permuted_rows_keep_every_id(string set, int k)
    {
        RowBlock rows = ReferenceData.Read(set);
        KMeansResult first = Train.Run(KMeansSpec.Create(k, "k-means++", seed: 1), rows);
        StableLabels labels = new([.. Enumerable.Range(0, k).Select(c => 1000 - c)], [], 1001);

        KMeansResult second = Train.Run(KMeansSpec.Create(k, "given", first.Model.Centroids), Take(rows, Permutation(rows.Rows, 5)));
        AlignmentResult result = Align(rows, first, labels, second);
        result.Labels.Ids.ShouldBe(labels.Ids);
        result.Died.ShouldBeEmpty();
        result.Clusters.ShouldAllBe(cluster => cluster.SplitFrom == null && cluster.Jaccard > 0.9);
        result.LeastConfidence!.Value.ShouldBeGreaterThan(0.5);
    }

    [Theory]
    [InlineData("s1", 2)]
    [InlineData("s1", 3)]
    [InlineData("s2", 2)]
    [InlineData("s2", 3)]
    public void Fresh_retrains_with_other_seeds_keep_the_label_of_95_rows_in_100(string set, int seed)
    {
        RowBlock rows = ReferenceData.Read(set);
        KMeansResult first = Train.Run(KMeansSpec.Create(15, "k-means++", restarts: 8, seed: 1), rows);
        KMeansResult second = Train.Run(KMeansSpec.Create(15, "k-means++", restarts: 8, seed: (ulong)seed), rows);
        StableLabels labels = StableLabels.First(15);
        AlignmentResult result = Align(rows, first, labels, second);

        int[] before = Labels(rows, first);
        int[] after = Labels(rows, second);
        double changed = before.Zip(after).Count(row => labels.Ids[row.First] != result.Labels.Ids[row.Second]) / (double)rows.Rows;
        result.Anchors!.Churn.ShouldBe(changed);
        changed.ShouldBeLessThan(0.05);
        result.Anchors.AdjustedRand.ShouldBe(ExternalIndices.AdjustedRand(ContingencyTable.Of(before, after)));
        result.Anchors.AdjustedRand.ShouldBeGreaterThan(0.9);
    }

    [Fact]
    public void A_cluster_whose_rows_are_gone_is_dead_and_its_id_never_comes_back()
    {
        RowBlock rows = ReferenceData.Read("s1");
        KMeansResult first = Train.Run(KMeansSpec.Create(15, "k-means++", restarts: 8, seed: 1), rows);
        StableLabels labels = StableLabels.First(15);
        int[] before = Labels(rows, first);
        RowBlock fewer = Take(rows, [.. Enumerable.Range(0, rows.Rows).Where(i => before[i] != 6)]);
        KMeansResult second = Train.Run(KMeansSpec.Create(14, "k-means++", restarts: 8, seed: 2), fewer);
        AlignmentResult gone = Align(fewer, first, labels, second);
        gone.Died.ShouldHaveSingleItem().StableId.ShouldBe(6);
        gone.Labels.Ids.Order().ShouldBe(Enumerable.Range(0, 15).Where(id => id != 6));
        gone.Anchors!.Churn.ShouldBeLessThan(0.05);

        // The rows return, and with them the cluster: a new id.
        KMeansResult third = Train.Run(KMeansSpec.Create(15, "k-means++", restarts: 8, seed: 3), rows);
        AlignmentResult back = Align(rows, second, gone.Labels, third);
        back.Labels.Ids.ShouldNotContain(6);
        back.Labels.Ids.ShouldContain(15);
        back.Labels.Retired.ShouldBe([6]);
        back.Clusters.Single(cluster => cluster.Match == null).StableId.ShouldBe(15);
    }

    [Fact]
    public void A_cluster_split_with_K_raised_is_reported_as_a_split()
    {
        RowBlock rows = ReferenceData.Read("s1");
        KMeansResult first = Train.Run(KMeansSpec.Create(15, "k-means++", restarts: 8, seed: 1), rows);
        StableLabels labels = new([.. Enumerable.Range(100, 15)], [], 200);

        // Cluster 4 falls into two parts that drift apart by six spreads.
        int[] before = Labels(rows, first);
        double[] values = new double[rows.Rows * 2];
        for (int i = 0; i < rows.Rows; i++)
        {
            Span<double> row = values.AsSpan(2 * i, 2);
            rows.CopyRow(i, row);
            if (before[i] == 4 && row[0] > first.Model.Centroids[8])
                row[1] += 2 * first.Spread[4];
            else if (before[i] == 4)
                row[1] -= 2 * first.Spread[4];
        }

        RowBlock drifted = new(values, 2);
        double[] starts = [.. first.Model.Centroids, first.Model.Centroids[8], first.Model.Centroids[9] + (2 * first.Spread[4])];
        starts[9] -= 2 * first.Spread[4];
        KMeansResult second = Train.Run(KMeansSpec.Create(16, "given", starts), drifted);
        AlignmentResult result = Align(drifted, first, labels, second, before);
        ClusterAlignment[] split = [.. result.Clusters.Where(cluster => cluster.SplitFrom != null)];
        split.ShouldNotBeEmpty();
        split.ShouldAllBe(cluster => cluster.SplitFrom == 104 && cluster.Match == null && cluster.StableId >= 200 && cluster.SplitShare > 0.9);
        result.Labels.Ids.Count(id => id is >= 100 and < 115 and not 104).ShouldBe(14);

        // Split in place: one part keeps the id, the other is born of it.
        starts[9] = starts[31] = first.Model.Centroids[9];
        starts[8] -= first.Spread[4];
        starts[30] += first.Spread[4];
        AlignmentResult inPlace = Align(rows, first, labels, Train.Run(KMeansSpec.Create(16, "given", starts), rows));
        ClusterAlignment born = inPlace.Clusters.Single(cluster => cluster.Match == null);
        (born.StableId, born.SplitFrom).ShouldBe((200, 104));
        inPlace.Labels.Ids.ShouldContain(104);
        inPlace.Died.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(AlignmentCost.CentroidDistance)]
    [InlineData(AlignmentCost.Overlap)]
    public void Equal_input_gives_equal_output_whoever_computes_it(AlignmentCost cost)
    {
        RowBlock rows = new(Train.Blobs(3, 4000, 4, 30), 4);
        KMeansResult first = Train.Run(KMeansSpec.Create(30, "k-means++", seed: 1), rows);
        KMeansResult second = Train.Run(KMeansSpec.Create(35, "k-means++", seed: 2), rows);
        AnchorLabels anchors = new(Labels(rows, first), Labels(rows, second));
        AlignmentResult one = LabelAlignment.Align(Clusters(first), StableLabels.First(30), Clusters(second), new AlignmentOptions { Cost = cost }, anchors);
        AlignmentResult other = LabelAlignment.Align(
            Clusters(first), StableLabels.First(30), Clusters(second), new AlignmentOptions { Cost = cost, Candidates = 1 }, anchors, new Threads(5));
        other.Clusters.ShouldBe(one.Clusters);
        other.Died.ShouldBe(one.Died);
        other.Anchors!.Flows.ShouldBe(one.Anchors!.Flows);
        other.TotalCost.ShouldBe(one.TotalCost);
    }

    [Fact]
    public void Scaling_by_powers_of_two_and_permuting_old_clusters_change_nothing()
    {
        RowBlock rows = new(Train.Blobs(4, 3000, 3, 20, spread: 1.5), 3);
        VersionClusters before = Clusters(Train.Run(KMeansSpec.Create(20, "k-means++", seed: 1), rows));
        VersionClusters after = Clusters(Train.Run(KMeansSpec.Create(22, "k-means++", seed: 2), rows));
        AlignmentResult result = LabelAlignment.Align(before, StableLabels.First(20), after);
        result.Clusters.ShouldContain(cluster => cluster.Match != null && cluster.Match.Confidence < 1);

        AlignmentResult scaled = LabelAlignment.Align(Scale(before, 1024), StableLabels.First(20), Scale(after, 1024));
        scaled.Clusters.ShouldBe(result.Clusters);

        int[] order = Permutation(20, 3);
        VersionClusters permuted = new(
            3,
            order.SelectMany(c => before.Centroids.Slice(c * 3, 3).ToArray()).ToArray(),
            order.Select(c => before.Spreads.Span[c]).ToArray(),
            order.Select(c => before.Sizes.Span[c]).ToArray());
        AlignmentResult other = LabelAlignment.Align(permuted, new StableLabels([.. order], [], 20), after);
        other.Labels.Ids.ShouldBe(result.Labels.Ids);
        for (int c = 0; c < 22; c++)
            (other.Clusters[c].Match?.Margin ?? -1).ShouldBe(result.Clusters[c].Match?.Margin ?? -1, 1e-12);
    }

    [Fact]
    public void A_result_survives_JSON()
    {
        RowBlock rows = new(Train.Blobs(5, 500, 2, 5), 2);
        KMeansResult first = Train.Run(KMeansSpec.Create(5, "k-means++", seed: 1), rows);
        KMeansResult second = Train.Run(KMeansSpec.Create(7, "k-means++", seed: 2), rows);
        AlignmentResult result = Align(rows, first, StableLabels.First(5), second);
        string json = JsonSerializer.Serialize(result);
        AlignmentResult read = JsonSerializer.Deserialize<AlignmentResult>(json)!;
        read.Clusters.ShouldBe(result.Clusters);
        read.Labels.Ids.ShouldBe(result.Labels.Ids);
        read.Anchors!.Flows.ShouldBe(result.Anchors!.Flows);
        JsonSerializer.Serialize(read).ShouldBe(json);
    }

    private static VersionClusters Scale(VersionClusters clusters, double factor) =>
        new(clusters.Columns, Times(clusters.Centroids, factor), Times(clusters.Spreads, factor), clusters.Sizes);

    private static double[] Times(ReadOnlyMemory<double> values, double factor) => [.. values.ToArray().Select(value => value * factor)];

    private static AlignmentResult Align(RowBlock anchors, KMeansResult first, StableLabels labels, KMeansResult second, int[]? before = null) =>
        LabelAlignment.Align(Clusters(first), labels, Clusters(second), anchors: new AnchorLabels(before ?? Labels(anchors, first), Labels(anchors, second)));

    private static VersionClusters Clusters(KMeansResult trained) => new(trained.Model.Columns, trained.Model.Centroids, trained.Spread, trained.Weights);

    private static int[] Labels(RowBlock rows, KMeansResult trained)
    {
        double[] row = new double[rows.Columns];
        int[] labels = new int[rows.Rows];
        for (int i = 0; i < rows.Rows; i++)
        {
            rows.CopyRow(i, row);
            labels[i] = Distance.Nearest(row, trained.Model.Centroids, out _);
        }

        return labels;
    }

    private static int[] Permutation(int n, int seed)
    {
        int[] order = [.. Enumerable.Range(0, n)];
        new Random(seed).Shuffle(order);
        return order;
    }

    private static RowBlock Take(RowBlock rows, int[] which)
    {
        double[] values = new double[which.Length * rows.Columns];
        for (int i = 0; i < which.Length; i++)
            rows.CopyRow(which[i], values.AsSpan(i * rows.Columns, rows.Columns));
        return new RowBlock(values, rows.Columns);
    }
}
