using System.Collections.Immutable;
using OrleansCluster.Numerics.Evaluation;

namespace OrleansCluster.Numerics.Tests.Evaluation;

/// <summary>
/// Figures of scikit-learn 1.2.1 (sklearn.metrics: adjusted_rand_score, rand_score, fowlkes_mallows_score, adjusted_mutual_info_score,
/// normalized_mutual_info_score, homogeneity_completeness_v_measure, mutual_info_score) on labels made with <see cref="Sequences"/>;
/// purity is contingency_matrix(a, b).max(0).sum() / n, accuracy that of scipy.optimize.linear_sum_assignment on the negative matrix.
/// </summary>
public class LabelIndicesTests
{
    public sealed record Figures(
        double AdjustedRand, double Rand, double FowlkesMallows, double AdjustedMutualInformation, double NormalizedMutualInformation,
        double Homogeneity, double Completeness, double VMeasure, double MutualInformation, double Purity, double Accuracy);

    [Fact]
    public void Two_labellings_that_mostly_agree()
    {
        int[] a = Sequences.Lcg(300, 4, 1);
        Check(ContingencyTable.Of(a, Sequences.Mix(a, 7, 2, 6, 3)), new Figures(
            0.5138000590777424, 0.8263322185061316, 0.6279261743798451, 0.44322365944836484, 0.4530702719845776,
            0.49017736608981816, 0.42118592399412225, 0.45307027198457767, 0.6765236747145346, 0.7866666666666666, 0.7533333333333333));
    }

    [Fact]
    public void Independent_labellings()
    {
        Check(ContingencyTable.Of(Sequences.Lcg(1000, 7, 4), Sequences.Lcg(1000, 5, 5)), new Figures(
            -0.0005240119456245074, 0.7144364364364364, 0.16839788722652374, -0.000683208310644038, 0.006135400839857696,
            0.005607053039970123, 0.0067736787831380735, 0.006135400839857696, 0.01089459204786486, 0.17, 0.169));
    }

    [Fact]
    public void Equal_partitions_under_other_names()
    {
        int[] a = Sequences.Lcg(50, 3, 6);
        int[] b = [.. a.Select(label => (label + 1) % 3)];
        Check(ContingencyTable.Of(a, b), new Figures(1, 1, 1, 1, 1, 1, 1, 1, 1.08571552756228, 1, 1));
    }

    [Fact]
    public void Every_row_a_class_of_its_own()
    {
        int[] a = [.. Enumerable.Range(0, 40)];
        Check(ContingencyTable.Of(a, Sequences.Lcg(40, 4, 7)), new Figures(
            0, 0.7461538461538462, 0, 0, 0.5341098262943339, 0.36435869199132576, 1, 0.5341098262943338, 1.3440752928146296, 0.1, 0.1));
    }

    [Fact]
    public void One_class()
    {
        Check(ContingencyTable.Of(new int[30], Sequences.Lcg(30, 3, 8)), new Figures(
            0, 0.3310344827586207, 0.575355961782461, 0, 0, 1, 0, 0, 0, 1, 0.43333333333333335));
    }

    [Fact]
    public void Weights_count_as_repeated_rows()
    {
        // scikit-learn on numpy.repeat(a, w) and numpy.repeat(b, w).
        int[] a = Sequences.Lcg(200, 4, 9);
        int[] b = Sequences.Mix(a, 6, 10, 4, 11);
        double[] weights = [.. Sequences.Lcg(200, 4, 12).Select(w => (double)w)];
        ContingencyTable table = ContingencyTable.Of(a, b, weights);
        table.Total.ShouldBe(308);
        Check(table, new Figures(
            0.313899367792613, 0.7357967765133889, 0.49248293713617486, 0.2888771572933288, 0.29665364388465304,
            0.29783339648903057, 0.2954832006782853, 0.29665364388465304, 0.4029330423972749, 0.6753246753246753, 0.6753246753246753));
    }

    [Theory]
    [InlineData(1, 300, 4, 2, 6, 3, 0.026407270168394736)]
    [InlineData(9, 200, 4, 10, 4, 11, double.NaN)]
    public void Expected_mutual_information_is_exact(long seed, int n, int k, long chooser, int k2, long other, double sklearn)
    {
        int[] a = Sequences.Lcg(n, k, seed);
        ContingencyTable table = ContingencyTable.Of(a, Sequences.Mix(a, 7, chooser, k2, other));
        double expected = ExpectedMutualInformation.Of(table.RowTotals, table.ColumnTotals);
        if (!double.IsNaN(sklearn))
            expected.ShouldBe(sklearn, 1e-14);

        // By the definition, with log-factorials: a plain sum over every count.
        double[] logFactorial = new double[n + 1];
        for (int i = 1; i <= n; i++)
            logFactorial[i] = logFactorial[i - 1] + Math.Log(i);
        double sum = 0;
        foreach (int x in table.RowTotals.Select(t => (int)t))
        {
            foreach (int y in table.ColumnTotals.Select(t => (int)t))
            {
                for (int both = Math.Max(1, x + y - n); both <= Math.Min(x, y); both++)
                {
                    double log = logFactorial[x] + logFactorial[y] + logFactorial[n - x] + logFactorial[n - y]
                        - logFactorial[n] - logFactorial[both] - logFactorial[x - both] - logFactorial[y - both] - logFactorial[n - x - y + both];
                    sum += (double)both / n * Math.Log((double)n * both / ((double)x * y)) * Math.Exp(log);
                }
            }
        }

        expected.ShouldBe(sum, 1e-12);
    }

    [Fact]
    public void Confusion_names_clusters_by_classes()
    {
        ContingencyTable table = ContingencyTable.Of(new[] { 7, 7, 7, 9, 9, 4 }, new[] { -1, -1, 3, 3, 3, 3 });
        table.RowLabels.ShouldBe([4, 7, 9]);
        table.ColumnLabels.ShouldBe([-1, 3]);
        ExternalIndices.MatchedAccuracy(table, out ImmutableArray<int> columnOfRow).ShouldBe(4.0 / 6, 1e-15);
        columnOfRow.ShouldBe([-1, 0, 1]);
        ExternalIndices.PairJaccard(table).ShouldBe(2.0 / 9, 1e-15);
    }

    [Fact]
    public void Fractional_weights_have_no_chance_expectation()
    {
        ContingencyTable table = ContingencyTable.Of(new[] { 0, 0, 1 }, new[] { 0, 1, 1 }, [0.5, 1, 1]);
        Should.Throw<ArgumentException>(() => InformationIndices.AdjustedMutualInformation(table)).Message.ShouldContain("whole weights");
        InformationIndices.NormalizedMutualInformation(table).ShouldBeInRange(0, 1);
    }

    [Fact]
    public void Nothing_and_one_label_agree()
    {
        foreach (ContingencyTable table in new[] { ContingencyTable.Of([], []), ContingencyTable.Of(new int[5], new int[5]) })
        {
            ExternalIndices.AdjustedRand(table).ShouldBe(1);
            InformationIndices.AdjustedMutualInformation(table).ShouldBe(1);
            InformationIndices.NormalizedMutualInformation(table).ShouldBe(1);
            InformationIndices.VMeasure(table).ShouldBe(1);
            ExternalIndices.Purity(table).ShouldBe(1);
            ExternalIndices.MatchedAccuracy(table, out _).ShouldBe(1);
        }
    }

    [Fact]
    public void Order_of_rows_names_of_labels_and_the_side_they_stand_on_do_not_matter()
    {
        int[] a = Sequences.Lcg(400, 6, 31);
        int[] b = Sequences.Mix(a, 6, 32, 5, 33);
        int[] order = [.. Enumerable.Range(0, 400)];
        new Random(1).Shuffle(order);
        ContingencyTable table = ContingencyTable.Of(a, b);
        ContingencyTable renamed = ContingencyTable.Of([.. order.Select(i => 5 - a[i])], [.. order.Select(i => (7 * b[i]) - 3)]);
        Func<ContingencyTable, double>[] symmetric =
        [
            ExternalIndices.AdjustedRand, ExternalIndices.Rand, ExternalIndices.FowlkesMallows, ExternalIndices.PairJaccard,
            InformationIndices.AdjustedMutualInformation, InformationIndices.NormalizedMutualInformation, InformationIndices.VMeasure,
            t => ExternalIndices.MatchedAccuracy(t, out _),
        ];
        foreach (Func<ContingencyTable, double> index in symmetric)
        {
            index(renamed).ShouldBe(index(table), 1e-13);
            index(table.Transpose()).ShouldBe(index(table), 1e-13);
        }

        ExternalIndices.Purity(renamed).ShouldBe(ExternalIndices.Purity(table));
        InformationIndices.Homogeneity(table.Transpose()).ShouldBe(InformationIndices.Completeness(table), 1e-13);
    }

    private static void Check(ContingencyTable table, Figures figures)
    {
        new Figures(
            ExternalIndices.AdjustedRand(table), ExternalIndices.Rand(table), ExternalIndices.FowlkesMallows(table),
            InformationIndices.AdjustedMutualInformation(table), InformationIndices.NormalizedMutualInformation(table),
            InformationIndices.Homogeneity(table), InformationIndices.Completeness(table), InformationIndices.VMeasure(table),
                InformationIndices.MutualInformation(table),
            ExternalIndices.Purity(table), ExternalIndices.MatchedAccuracy(table, out _)).ShouldSatisfyAllConditions(
            found => found.AdjustedRand.ShouldBe(figures.AdjustedRand, 1e-13),
            found => found.Rand.ShouldBe(figures.Rand, 1e-13),
            found => found.FowlkesMallows.ShouldBe(figures.FowlkesMallows, 1e-13),
            found => found.AdjustedMutualInformation.ShouldBe(figures.AdjustedMutualInformation, 2e-13),
            found => found.NormalizedMutualInformation.ShouldBe(figures.NormalizedMutualInformation, 1e-13),
            found => found.Homogeneity.ShouldBe(figures.Homogeneity, 1e-13),
            found => found.Completeness.ShouldBe(figures.Completeness, 1e-13),
            found => found.VMeasure.ShouldBe(figures.VMeasure, 1e-13),
            found => found.MutualInformation.ShouldBe(figures.MutualInformation, 1e-13),
            found => found.Purity.ShouldBe(figures.Purity, 1e-15),
            found => found.Accuracy.ShouldBe(figures.Accuracy, 1e-15));
    }
}
