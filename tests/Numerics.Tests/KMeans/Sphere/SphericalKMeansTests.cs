using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.KMeans.Sphere;

/// <summary>Spherical k-means beside the textbook: cosines, mean directions, Σ w (1 − cos), as plain loops.</summary>
public sealed class SphericalKMeansTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Iterations_are_those_of_the_textbook(int seed, bool weighted)
    {
        const int K = 6, D = 5, N = 400;
        var rows = new RowBlock(Train.Blobs(seed, N, D, 9, spread: 2), D, weighted ? Train.WeightsFor(seed, N) : default);
        double[] centres = Train.Blobs(seed + 50, K, D, K);
        for (int iterations = 1; iterations <= 6; iterations++)
        {
            var told = new List<IterationEnded>();
            KMeansResult result = Spherical.Run(
                Spherical.Spec(K, "given", centres, maxIterations: iterations), rows, 150, happened =>
                {
                    if (happened is IterationEnded ended)
                        told.Add(ended);
                });
            double[] expected = centres;
            var objectives = new List<double>();
            for (int i = 0; i < told.Count; i++)
                expected = Iterate(rows, expected, objectives);
            for (int i = 0; i < expected.Length; i++)
                result.Model.Centroids[i].ShouldBe(expected[i], 1e-12);
            for (int i = 0; i < told.Count; i++)
                told[i].Objective.ShouldBe(objectives[i], 1e-9);
            Iterate(rows, expected, objectives);
            result.Objective.ShouldBe(objectives[^1], 1e-9);
        }
    }

    // Two pairs at right angles around two axes: hand-computed.
    [Fact]
    public void Lengths_do_not_matter()
    {
        var rows = new RowBlock(new double[] { 10, 1, 100, -10, 1e-9, 1e-8, -3, 30 }, 2);
        KMeansResult result = Spherical.Run(Spherical.Spec(2, "given", [1, 0, 0, 5]), rows);
        result.Model.Centroids.ShouldBe([1, 0, 0, 1], 1e-15);
        result.Objective.ShouldBe(4 * (1 - (10 / Math.Sqrt(101))), 1e-14);
        result.Spread.ShouldBe([.. Enumerable.Repeat(Math.Sqrt(2 * (1 - (10 / Math.Sqrt(101)))), 2)], 1e-14);
        result.Sizes.ShouldBe([2, 2]);
    }

    [Theory]
    [InlineData("parallel")]
    [InlineData("k-means++")]
    [InlineData("random")]
    public void More_clusters_than_directions_leave_as_many_as_there_are(string init)
    {
        // Seven directions, each with many lengths.
        double[] values =
            [.. Enumerable.Range(0, 210).SelectMany(i => new double[] { 1 + (i % 7), 3, i % 7 % 2 == 0 ? 2 : -5 }.Select(v => v * (1 + (i / 7))))];
        KMeansResult result = Spherical.Run(Spherical.Spec(10, init), new RowBlock(values, 3), 64);
        result.Sizes.ShouldBe(Enumerable.Repeat(30L, 7));
        result.Objective.ShouldBe(0, 1e-12);
        result.Warnings.ShouldContain("The rows have fewer distinct directions than clusters were asked for: there are 7 clusters.");
        Should.Throw<TrainingException>(() => Spherical.Run(Spherical.Spec(10, init, empty: "fail"), new RowBlock(values, 3)))
            .Message.ShouldContain(init == "random" ? "empty" : "fewer distinct directions");
    }

    // Rows that cancel are as near to any other centre, so that only ties, or a single cluster, hold them.
    [Fact]
    public void A_cluster_whose_rows_cancel_keeps_its_direction()
    {
        double[] start = [0, 0, 1, 0, 1, 0];
        var rows = new RowBlock(new double[] { 0, 2, 0, 3, 0, 0, 0, 5, 0, -1e-5, 0, 0 }, 3);
        foreach (bool sparse in new[] { false, true })
        {
            KMeansResult kept = Spherical.Run(Spherical.Spec(2, "given", start), rows, sparse: sparse);
            kept.Model.Centroids.ShouldBe(start);
            kept.Sizes.ShouldBe([2, 2]);
            (kept.Objective, kept.Stop).ShouldBe((2, "converged"));
        }

        KMeansResult alone = Spherical.Run(Spherical.Spec(1, "given", [0, 0, 1]), new RowBlock(new double[] { 2, 0, 0, -8, 0, 0 }, 3));
        alone.Model.Centroids.ShouldBe([0, 0, 1]);
        (alone.Objective, alone.Stop).ShouldBe((2, "converged"));
    }

    [Fact]
    public void Rows_and_starts_without_direction_are_refused_by_number()
    {
        var rows = new RowBlock(new float[] { 1, 2, 0, 0, 3, 4, 0, 0, 0, 0 }, 2, firstRow: 100);
        foreach (bool sparse in new[] { false, true })
            Should.Throw<TrainingException>(() => Spherical.Run(Spherical.Spec(2), rows, sparse: sparse)).Message
                .ShouldStartWith("Row 102 and 2 more near it have only zeros, and so no direction");
        Should.Throw<ArgumentException>(() => Spherical.Spec(2, "given", [1, 0, 0, 0])).Message.ShouldStartWith("Starting centre 2 has only zeros");
    }

    [Theory]
    [InlineData("parallel")]
    [InlineData("k-means++")]
    [InlineData("random")]
    public void Directions_that_are_far_apart_are_found(string init)
    {
        const int K = 5, D = 30;
        var random = new Random(6);
        double[] values = [.. Enumerable.Range(0, 500).SelectMany(i =>
        {
            double length = Math.Exp(random.NextDouble() * 8);
            return Enumerable.Range(0, D).Select(j => length * ((j % K == i % K ? 1 : 0) + (0.1 * random.NextDouble())));
        })];
        KMeansResult result = Spherical.Run(Spherical.Spec(K, init, restarts: 3), new RowBlock(values, D), 128);
        result.Sizes.ShouldBe([100, 100, 100, 100, 100]);
        foreach (double[] centre in result.Model.Centroids.Chunk(D))
            centre.Sum(value => value * value).ShouldBe(1, 1e-15);
    }

    /// <summary>An iteration of the textbook: centres need not have length 1.</summary>
    private static double[] Iterate(RowBlock rows, double[] centres, List<double> objectives)
    {
        int d = rows.Columns;
        var sums = new double[centres.Length];
        double objective = 0;
        var row = new double[d];
        for (int i = 0; i < rows.Rows; i++)
        {
            rows.CopyRow(i, row);
            double weight = rows.Weights.IsEmpty ? 1 : rows.Weights.Span[i], length = Math.Sqrt(row.Sum(value => value * value));
            (int best, double greatest) = (0, double.NegativeInfinity);
            for (int c = 0; c < centres.Length / d; c++)
            {
                double[] centre = centres[(c * d)..((c + 1) * d)];
                double cosine = row.Zip(centre, (x, y) => x * y).Sum() / length / Math.Sqrt(centre.Sum(value => value * value));
                if (cosine > greatest)
                    (best, greatest) = (c, cosine);
            }

            objective += weight * (1 - greatest);
            for (int j = 0; j < d; j++)
                sums[(best * d) + j] += weight * row[j] / length;
        }

        objectives.Add(objective);
        return [.. sums.Chunk(d).SelectMany(sum => sum.Select(value => value / Math.Sqrt(sum.Sum(x => x * x))))];
    }
}
