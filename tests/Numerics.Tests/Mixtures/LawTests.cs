using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.Mixtures;

public sealed class LawTests
{
    public static TheoryData<CovarianceForm> Forms => [.. MixtureCase.Forms];

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_weight_is_that_many_rows_and_zero_is_none(CovarianceForm form)
    {
        double[] values = MixtureCase.Clusters(71, 3000, 3, 3, 4);
        var random = new Random(72);
        double[] weights = [.. Enumerable.Range(0, 3000).Select(_ => (double)random.Next(0, 4))];
        double[] repeated = [.. Enumerable.Range(0, 3000).SelectMany(i => Enumerable.Repeat(i, (int)weights[i]))
            .SelectMany(i => values[(i * 3)..((i * 3) + 3)])];
        MixtureSpec spec = FromGiven(form, values[..9], 3);
        MixtureResult weighted = MixtureCase.Train(spec, new RowBlock(values, 3, weights)).Result!;
        MixtureResult plain = MixtureCase.Train(spec, new RowBlock(repeated, 3)).Result!;
        Near(weighted, plain);
        weighted.LabelWeights.ShouldBe(plain.LabelWeights);
        weighted.Model.Threshold.ShouldBe(plain.Model.Threshold);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void The_order_of_rows_and_components_does_not_matter(CovarianceForm form)
    {
        double[] values = MixtureCase.Clusters(73, 3000, 3, 3, 4);
        double[][] rows = [.. values.Chunk(3)];
        new Random(74).Shuffle(rows);
        double[] means = values[..9];
        double[] turned = [.. means[3..], .. means[..3]];
        MixtureResult first = MixtureCase.Train(FromGiven(form, means, 3), new RowBlock(values, 3)).Result!;
        MixtureResult second = MixtureCase.Train(FromGiven(form, turned, 3), new RowBlock(rows.SelectMany(row => row).ToArray(), 3)).Result!;
        second.Objective.ShouldBe(first.Objective, 1e-12 * Math.Abs(first.Objective));
        for (int c = 0; c < 3; c++)
        {
            second.Model.Weights[c].ShouldBe(first.Model.Weights[(c + 1) % 3], 1e-11);
            second.Sizes[c].ShouldBe(first.Sizes[(c + 1) % 3]);
        }
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_translation_moves_the_means_and_changes_nothing_else(CovarianceForm form)
    {
        // Values of few digits, so that the translation itself is exact.
        double[] values = [.. MixtureCase.Clusters(75, 3000, 3, 3, 4).Select(value => Math.Round(value * 1024) / 1024)];
        const double Offset = 1 << 20;
        double[] moved = [.. values.Select(value => value + Offset)];
        MixtureModel first = MixtureCase.Train(FromGiven(form, values[..9], 3), new RowBlock(values, 3)).Result!.Model;
        MixtureModel second = MixtureCase.Train(FromGiven(form, moved[..9], 3), new RowBlock(moved, 3)).Result!.Model;
        second.Parameters.Means.ToArray().ShouldBe(first.Parameters.Means.ToArray());
        second.Parameters.Covariances.ToArray().ShouldBe(first.Parameters.Covariances.ToArray());
        second.Parameters.Origins.ToArray().ShouldBe([.. first.Parameters.Origins.ToArray().Select(origin => origin + Offset)]);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_power_of_two_scales_everything_exactly(CovarianceForm form)
    {
        double[] values = MixtureCase.Clusters(76, 3000, 3, 3, 4);
        double[] scaled = [.. values.Select(value => value * 8)];
        MixtureResult first = MixtureCase.Train(FromGiven(form, values[..9], 3), new RowBlock(values, 3)).Result!;
        MixtureResult second = MixtureCase.Train(FromGiven(form, scaled[..9], 3), new RowBlock(scaled, 3)).Result!;
        second.Objective.ShouldBe(first.Objective - (3 * Math.Log(8)), 1e-11);
        for (int i = 0; i < 9; i++)
            second.Model.Parameters.Means[i].ShouldBe(first.Model.Parameters.Means[i] * 8, 1e-10);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void The_likelihood_never_falls_with_or_without_a_floor(CovarianceForm form)
    {
        foreach (double regularization in new[] { 0, 1e-6, 0.2 })
        {
            double previous = double.NegativeInfinity;
            int iterations = 0;
            MixtureSpec spec = MixtureSpec.Create(
                5, form, MixtureInit.RandomResponsibilities, regularization: regularization, tolerance: 0, maxIterations: 80, seed: 4);
            MixtureResult result = MixtureCase.Train(spec, new RowBlock(MixtureCase.Clusters(77, 1500, 4, 4, 3), 4), told: e =>
            {
                if (e is not IterationEnded ended)
                    return;
                ended.Objective.ShouldBeGreaterThanOrEqualTo(
                    previous - (1e-12 * Math.Abs(ended.Objective)), $"{form}, {regularization}, iteration {ended.Iteration}");
                previous = ended.Objective;
                iterations++;
            }).Result!;
            iterations.ShouldBeGreaterThan(10);
            result.Objective.ShouldBeGreaterThanOrEqualTo(previous - 1e-12);
            (result.FloorHits.Sum() > 0).ShouldBe(regularization == 0.2);
        }
    }

    [Fact]
    public void A_finished_model_labels_its_rows_as_the_report_counts_them()
    {
        var rows = new RowBlock(MixtureCase.Clusters(78, 5000, 3, 4, 3), 3);
        MixtureResult result = MixtureCase.Train(MixtureSpec.Create(4, seed: 2), rows).Result!;
        var labels = new int[5000];
        var densities = new double[5000];
        new MixtureScorer(result.Model).Score(rows, 1, densities, labels, default, Sequential.Instance);
        for (int c = 0; c < 4; c++)
            labels.Count(label => label == c).ShouldBe((int)result.Sizes[c]);
        densities.Average().ShouldBe(result.Objective, 1e-12);
        int flagged = densities.Count(density => density <= result.Model.Threshold);
        flagged.ShouldBeInRange(50, 55);
    }

    private static MixtureSpec FromGiven(CovarianceForm form, double[] means, int k)
        => MixtureSpec.Create(k, form, MixtureInit.Given, means, tolerance: 0, maxIterations: 4);

    private static void Near(MixtureResult a, MixtureResult b)
    {
        b.Objective.ShouldBe(a.Objective, 1e-12 * Math.Abs(a.Objective));
        ReadOnlySpan<double> first = a.Model.Parameters.Covariances;
        ReadOnlySpan<double> second = b.Model.Parameters.Covariances;
        for (int i = 0; i < first.Length; i++)
            second[i].ShouldBe(first[i], 1e-12 * (1 + Math.Abs(first[i])));
        double[] means = a.Model.Means();
        double[] others = b.Model.Means();
        for (int i = 0; i < means.Length; i++)
            others[i].ShouldBe(means[i], 1e-12 * (1 + Math.Abs(means[i])));
    }
}
