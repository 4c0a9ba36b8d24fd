using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Tests.KMeans;

/// <summary>What must hold between trainings on related data, from given centres.</summary>
public sealed class LawTests
{
    private const int Rows = 600;
    private const int Columns = 3;
    private const int K = 6;

    private static readonly double[] Values = Train.Blobs(21, Rows, Columns, K, 1.5);
    private static readonly double[] Start = Values[..(K * Columns)];

    [Fact]
    public void A_whole_weight_is_a_repeated_row()
    {
        var random = new Random(2);
        double[] weights = [.. Enumerable.Range(0, Rows).Select(_ => (double)random.Next(4))];
        double[] repeated = [.. Enumerable.Range(0, Rows).SelectMany(i => Enumerable.Repeat(i, (int)weights[i]))
            .SelectMany(i => Values[(i * Columns)..((i + 1) * Columns)])];
        Close(Fit(new RowBlock(Values, Columns, weights)), Fit(new RowBlock(repeated, Columns)), 1e-12);
    }

    [Fact]
    public void A_row_of_weight_zero_is_absent()
    {
        double[] weights = Train.WeightsFor(3, Rows);
        int[] present = [.. Enumerable.Range(0, Rows).Where(i => weights[i] > 0)];
        // Absent rows may lie anywhere: the grid must not see them either.
        double[] values = [.. Values.Select((v, i) => weights[i / Columns] > 0 ? v : v * 1e6)];
        var without = new RowBlock(
            present.SelectMany(i => Values[(i * Columns)..((i + 1) * Columns)]).ToArray(), Columns, present.Select(i => weights[i]).ToArray());
        KMeansResult with = Fit(new RowBlock(values, Columns, weights));
        KMeansResult expected = Fit(without);
        with.Model.Digest.ShouldBe(expected.Model.Digest);
        (with.Objective, with.Stop, with.Restarts[0]).ShouldBe((expected.Objective, expected.Stop, expected.Restarts[0]));
    }

    [Fact]
    public void A_row_of_weight_zero_draws_nothing_and_shifts_nothing()
    {
        double[] weights = [.. Enumerable.Range(0, Rows).Select(i => i < Rows - 100 ? 1.0 : 0)];
        foreach (string init in new[] { "parallel", "k-means++", "random" })
        {
            KMeansSpec spec = KMeansSpec.Create(K, init, seed: 8);
            var present = new RowBlock(Values.AsMemory(0, (Rows - 100) * Columns), Columns);
            Train.Run(spec, new RowBlock(Values, Columns, weights)).Model.Digest.ShouldBe(Train.Run(spec, present).Model.Digest, init);
        }
    }

    [Fact]
    public void Order_of_rows_does_not_matter_from_given_centres()
    {
        int[] order = [.. Enumerable.Range(0, Rows).OrderBy(i => (i * 7919) % Rows)];
        double[] shuffled = [.. order.SelectMany(i => Values[(i * Columns)..((i + 1) * Columns)])];
        Fit(new RowBlock(shuffled, Columns)).Model.Digest.ShouldBe(Fit(new RowBlock(Values, Columns)).Model.Digest);
    }

    [Fact]
    public void Order_of_centres_permutes_clusters()
    {
        KMeansResult straight = Fit(new RowBlock(Values, Columns));
        double[] reversed = [.. Enumerable.Range(0, K).Reverse().SelectMany(c => Start[(c * Columns)..((c + 1) * Columns)])];
        KMeansResult backwards = Train.Run(KMeansSpec.Create(K, "given", reversed), new RowBlock(Values, Columns));
        Enumerable.Range(0, K).Reverse().SelectMany(c => backwards.Model.Centroids[(c * Columns)..((c + 1) * Columns)]).ShouldBe(straight.Model.Centroids);
        backwards.Sizes.Reverse().ShouldBe(straight.Sizes);
        backwards.Objective.ShouldBe(straight.Objective);
    }

    [Fact]
    public void Powers_of_two_scale_everything_exactly()
    {
        KMeansResult plain = Fit(new RowBlock(Values, Columns));
        foreach (double factor in new[] { 1024, 1.0 / 65536 })
        {
            KMeansResult scaled = Train.Run(
                KMeansSpec.Create(K, "given", Start.Select(v => v * factor).ToArray()), new RowBlock(Values.Select(v => v * factor).ToArray(), Columns));
            scaled.Model.Centroids.ShouldBe(plain.Model.Centroids.Select(v => v * factor));
            scaled.Objective.ShouldBe(plain.Objective * factor * factor);
            scaled.Restarts[0].Iterations.ShouldBe(plain.Restarts[0].Iterations);
        }
    }

    [Fact]
    public void A_translation_moves_centres_and_nothing_else()
    {
        // Values on a grid of 2^−20, so that the translation itself is exact.
        double[] values = [.. Values.Select(v => Math.Round(v * 1048576) / 1048576)];
        double[] start = values[..(K * Columns)];
        KMeansResult plain = Train.Run(KMeansSpec.Create(K, "given", start), new RowBlock(values, Columns));
        KMeansResult moved = Train.Run(
            KMeansSpec.Create(K, "given", start.Select(v => v + 65536).ToArray()), new RowBlock(values.Select(v => v + 65536).ToArray(), Columns));
        moved.Sizes.ShouldBe(plain.Sizes);
        moved.Objective.ShouldBe(plain.Objective, plain.Objective * 1e-12);
        for (int i = 0; i < plain.Model.Centroids.Length; i++)
            (moved.Model.Centroids[i] - 65536).ShouldBe(plain.Model.Centroids[i], 1e-10);
    }

    private static KMeansResult Fit(RowBlock rows) => Train.Run(KMeansSpec.Create(K, "given", Start), rows, 250);

    private static void Close(KMeansResult a, KMeansResult b, double tolerance)
    {
        a.Objective.ShouldBe(b.Objective, b.Objective * tolerance);
        a.Model.K.ShouldBe(b.Model.K);
        for (int i = 0; i < a.Model.Centroids.Length; i++)
            a.Model.Centroids[i].ShouldBe(b.Model.Centroids[i], 10 * tolerance);
        a.Weights.ShouldBe(b.Weights);
    }
}
