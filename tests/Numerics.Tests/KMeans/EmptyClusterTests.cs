using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.KMeans;

public sealed class EmptyClusterTests
{
    private static readonly RowBlock Line = new(new double[] { 0, 1, 2, 10, 11, 30 }, 1);

    // Centre 100 is nobody's. The farthest row from its centre is 30 (from 10: 400); it becomes cluster 2 and leaves cluster 1.
    [Fact]
    public void The_farthest_row_becomes_the_empty_cluster_and_leaves_its_own()
    {
        var events = new List<TrainingEvent>();
        KMeansResult result = Train.Run(KMeansSpec.Create(3, "given", new double[] { 1, 10, 100 }), Line, 2, told: events.Add);
        result.Model.Centroids.ShouldBe([1, 10.5, 30]);
        result.Sizes.ShouldBe([3, 2, 1]);
        var first = events.OfType<IterationEnded>().First();
        first.Objective.ShouldBe(1 + 0 + 1 + 0 + 1 + 400);
        first.Shift.ShouldBe(0.25 + 4900);
        result.Warnings.ShouldHaveSingleItem().ShouldBe("1 empty cluster was given the rows farthest from their centres in iteration 1 (Cluster ‹2›).");
    }

    // scikit-learn 1.2.1: KMeans(3, init=[[0], [100], [200]], n_init=1, max_iter=1).fit(x).cluster_centers_ is 3.25, 30, 11.
    [Fact]
    public void Several_empty_clusters_take_the_farthest_rows_in_turn()
    {
        KMeansResult result = Train.Run(KMeansSpec.Create(3, "given", new double[] { 0, 100, 200 }, maxIterations: 1), Line, 4);
        result.Model.Centroids.ShouldBe([3.25, 30, 11]);
    }

    // Rows 0 and 5 both lie far from their centres but are alone there: nothing may be taken, and three clusters are one too many.
    [Fact]
    public void A_last_row_is_never_taken()
    {
        KMeansResult result = Train.Run(KMeansSpec.Create(3, "given", new double[] { -1, 7, 100 }), new RowBlock(new double[] { 0, 5, 5 }, 1), 1);
        result.Model.Centroids.ShouldBe([0, 5]);
        result.Warnings[0].ShouldBe("The rows have fewer distinct values than clusters were asked for: there are 2 clusters.");
    }

    [Fact]
    public void Drop_removes_the_cluster_and_says_so()
    {
        var events = new List<TrainingEvent>();
        KMeansResult result = Train.Run(KMeansSpec.Create(3, "given", new double[] { 1, 100, 10 }, empty: "drop"), Line, 2, told: events.Add);
        result.Model.Centroids.ShouldBe([1, 17]);
        result.Sizes.ShouldBe([3, 3]);
        result.Warnings.ShouldHaveSingleItem().ShouldBe("1 empty cluster was dropped in iteration 1 (Cluster #1).");
        // Labels are compared without the dropped cluster: nobody moves in the second iteration.
        events.OfType<IterationEnded>().Select(i => i.Moved).ShouldBe([6, 0]);
    }

    [Fact]
    public void Fail_names_iteration_and_clusters()
        => Should.Throw<TrainingException>(() => Train.Run(KMeansSpec.Create(3, "given", new double[] { 1, 100, 10 }, empty: "fail"), Line))
            .Message.ShouldStartWith("Cluster #1 became empty in iteration 1:");

    [Theory]
    [InlineData("parallel")]
    [InlineData("k-means++")]
    [InlineData("random")]
    public void Fewer_distinct_rows_than_clusters_are_told(string init)
    {
        double[] values = [.. Enumerable.Range(0, 60).Select(i => (double)(i % 3))];
        KMeansResult result = Train.Run(KMeansSpec.Create(5, init, seed: 1), new RowBlock(values, 1), 16);
        result.Model.Centroids.Order().ShouldBe([0, 1, 2]);
        result.Objective.ShouldBe(0);
        result.Warnings[0].ShouldContain("fewer distinct values than clusters were asked for: there are 3");
        Should.Throw<TrainingException>(() => Train.Run(KMeansSpec.Create(5, init, empty: "fail"), new RowBlock(values, 1)));
    }

    [Fact]
    public void Many_empty_iterations_are_one_warning()
    {
        // 12 far centres, one cluster of rows: relocations go on for several iterations.
        double[] start = [0, .. Enumerable.Range(1, 11).Select(i => 1000.0 * i)];
        var rows = new RowBlock(Train.Blobs(4, 400, 1, 12, 0.01), 1);
        KMeansResult result = Train.Run(KMeansSpec.Create(12, "given", start), rows, 100);
        result.Model.K.ShouldBe(12);
        result.Sizes.ShouldAllBe(size => size > 0);
        result.Warnings.Count.ShouldBe(1);
    }

    [Fact]
    public void Rows_too_light_to_count_are_told_once_and_are_not_fewer_values()
    {
        var rows = new RowBlock(new double[] { 1, 2, 3, 4, 5 }, 1, new double[] { 1, 1, 1e-30, 1e-30, 1e-30 });
        KMeansResult result = Train.Run(KMeansSpec.Create(4, restarts: 3), rows, 2);
        result.Model.K.ShouldBe(2);
        result.Warnings.ShouldBe([
            "3 rows weigh at most 4.440892098500626E-16, too little to count beside the heaviest of 1: they are assigned to clusters, but do not count there.",
            "The rows that count have fewer distinct values than clusters were asked for: there are 2 clusters.",
        ]);
        Should.Throw<TrainingException>(() => Train.Run(KMeansSpec.Create(4, empty: "fail"), rows)).Message.ShouldBe(
            "3 rows weigh at most 4.440892098500626E-16, too little to count beside the heaviest of 1, and the others have fewer distinct values than the 4 "
                + "clusters asked for: "
                + "ask for at most 2, or allow empty clusters to be dropped.");
        // Weights that differ less all count.
        Train.Run(KMeansSpec.Create(4), rows.WithWeights(new double[] { 1, 1, 1e-9, 1e-9, 1e-9 }), 2).Warnings.ShouldBeEmpty();
    }
}
