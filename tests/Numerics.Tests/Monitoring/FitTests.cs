using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Monitoring;
using OrleansCluster.Numerics.Profiles;

namespace OrleansCluster.Numerics.Tests.Monitoring;

/// <summary>How well rows fit their clusters, and where these are. Figures are those of scipy 1.10 and of scikit-learn 1.2 on the same rows.</summary>
public sealed class FitTests
{
    private static readonly DriftRules Rules = new();
    private static readonly double[] Values = [.. Enumerable.Range(0, 40).SelectMany(i => new[] { i * 37 % 101 / 10.0, i * 53 % 97 / 9.0 })];
    private static readonly CentredRows Model = new([2, 3, 7, 2.5, 5, 8], 2);

    [Fact]
    public void A_simplified_silhouette_is_that_of_a_row_and_the_centres_by_scikit_learn()
    {
        // silhouette_samples([x, *centres], [its cluster, *clusters])[0], for each row.
        Moments fits = Model.Profile(Values).Fits;
        (fits.Rows(RowProfile.Silhouettes), fits.Rows(RowProfile.Losses)).ShouldBe((40, 40));
        fits.Mean(RowProfile.Silhouettes).ShouldBe(0.507146757011692, 1e-14);
        var row = new CentreFits(Model);
        row.Silhouette([0, 0], 0).ShouldBe(0.5149287499273341, 1e-15);
        row.Silhouette([2, 3.5], 1).ShouldBe(-0.9019419324309079, 1e-15);
        row.Silhouette([2, 3], 0).ShouldBe(1);
        double.IsNaN(new CentreFits(new CentredRows([1, 1], 2)).Silhouette([2, 3], 0)).ShouldBeTrue("There is no other cluster.");
    }

    [Fact]
    public void Moments_are_scipys_however_the_rows_are_divided()
    {
        double[] values = [.. Enumerable.Range(0, 60).Select(i => i * 37 % 101 * (i * 37 % 101) / 10.0)];
        (var whole, var left, var right) = (new Moments(2, 1), new Moments(2, 1), new Moments(2, 1));
        for (int i = 0; i < 60; i++)
        {
            whole.Take(1, [values[i]]);
            (i < 25 ? left : right).Take(1, [values[i]]);
        }

        left.MergeFrom(right);
        foreach (Moments moments in (Moments[])[whole, left])
        {
            moments.Rows(1).ShouldBe(60);
            moments.Mean(1).ShouldBe(330.15500000000003, 1e-10);
            moments.Deviation(1).ShouldBe(298.78872046146586, 1e-10);
            moments.Skew(1).ShouldBe(0.6542649103835533, 1e-12);
            (moments.Rows(0), moments.Mean(0), moments.Deviation(0), moments.Skew(0)).ShouldBe((0L, 0.0, 0.0, 0.0));
        }

        Should.Throw<InvalidDataException>(() => left.MergeFrom(new Moments(1, 1)));
    }

    [Theory]
    [InlineData(0.5, 0.3085375387259869)]
    [InlineData(2, 0.022750131948179195)]
    [InlineData(4.75, 1.0170832425687032e-06)]
    [InlineData(-2, 1 - 0.022750131948179195)]
    public void The_normal_tail_is_scipys(double value, double expected) => Tails.Normal(value).ShouldBe(expected, 1e-11 * expected);

    // scipy.stats.pearson3.sf; where the long tail is on the other side, the normal one stands.
    [Theory]
    [InlineData(2, 0.5, 0.03440009405957478, 0.02)]
    [InlineData(4.75, 1.13, 0.0009512035779236649, 0.15)]
    [InlineData(4, 5.8, 0.013827032220878, 0.35)]
    [InlineData(3, -0.3, 0.0013498980316301035, 1e-9)]
    [InlineData(3, 0, 0.0013498980316301035, 1e-9)]
    public void The_tail_of_skewed_means_is_about_scipys(double value, double skew, double expected, double within) =>
        Tails.Skewed(value, skew).ShouldBe(expected, within * expected);

    [Fact]
    public void Sums_are_the_same_in_any_order_and_grouping_and_equal_the_means_of_the_rows()
    {
        FitReference reference = Model.Reference(Model.Profile(Values));
        double[] other = [.. Values.Select((value, i) => value + (i % 2 == 0 ? 0.7 : 0))];
        ObservedRows whole = Model.Observe(other, reference), parts = Model.Observe(other[50..], reference);
        parts.MergeFrom(Model.Observe(other[..20], reference));
        parts.MergeFrom(Model.Observe(other[20..50], reference));
        (byte[] one, byte[] two) = (Sums(whole), Sums(parts));
        two.ShouldBe(one);
        var clusters = new int[40];
        Model.Tell(new(other, 2), clusters, [new double[40]], OrleansCluster.Numerics.Parallelism.Sequential.Instance);
        for (int c = 0; c < 3; c++)
        {
            double[] mine = [.. other.Chunk(2).Where((_, i) => clusters[i] == c).Select(row => row[0])];
            double[] before = [.. Values.Chunk(2).Where((row, _) => Nearest(row) == c).Select(row => row[0])];
            double deviation = Math.Sqrt(before.Average(value => (value - before.Average()) * (value - before.Average())));
            ClusterShift shift = ClusterShift.Of(c, reference, null, whole.Centred, Rules, 1);
            (shift.Rows, shift.RowsBefore).ShouldBe((mine.Length, before.Length));
            shift.Shifts[0].ShouldBe((mine.Average() - before.Average()) / deviation, 1e-5);
        }
    }

    [Fact]
    public void A_cluster_that_moved_is_named_with_its_column_and_small_ones_are_not_judged()
    {
        double[] training = Normals(0, 3000, shift: 0);
        var model = new CentredRows([-5, 0, 5, 0], 2);
        FitReference reference = model.Reference(model.Profile(training));
        ObservedRows now = model.Observe(Normals(1, 600, shift: 0.6), reference);
        ClusterShift moved = ClusterShift.Of(1, reference, null, now.Centred, Rules, 24), stayed = ClusterShift.Of(0, reference, null, now.Centred, Rules, 24);
        (moved.IsDrifted, moved.Column, stayed.IsDrifted, stayed.IsJudged).ShouldBe((true, 1, false, true));
        moved.Size.ShouldBe(0.6, 0.15);
        moved.Chance.ShouldBeLessThan(1e-6);
        ClusterShift few = ClusterShift.Of(1, reference, null, model.Observe(Normals(1, 80, shift: 0.6), reference).Centred, Rules, 24);
        (few.Rows < Rules.ClusterRows, few.IsJudged, few.IsDrifted).ShouldBe((true, false, false));
        few.Size.ShouldBeGreaterThan(0.2);
        // Another window stands for the training rows.
        ClusterShift.Of(1, reference, now.Centred, now.Centred, Rules, 24).Shifts.ShouldBe([0, 0]);
        double.IsNaN(ClusterShift.Of(1, reference, new FixedSums(), now.Centred, Rules, 24).Size).ShouldBeTrue("That window tells nothing.");
    }

    [Fact]
    public void Rows_that_scatter_wider_cost_more_and_have_lesser_silhouettes()
    {
        var model = new CentredRows([-5, 0, 5, 0], 2);
        FitReference reference = model.Reference(model.Profile(Normals(0, 3000, shift: 0)));
        ObservedRows same = model.Observe(Normals(1, 500, 0), reference);
        ObservedRows wider = model.Observe([.. Normals(1, 500, 0).Select((value, i) => i % 2 == 1 ? 1.6 * value : value)], reference);
        (int Place, FitMoments Moments, int Sign)[] both = [(RowProfile.Losses, reference.Loss, 1), (RowProfile.Silhouettes, reference.Silhouette, -1)];
        foreach ((int place, FitMoments moments, int sign) in both)
        {
            MeanShift.OfFits(place, moments, null, same.Fits).IsDrifted(Rules.Fit, Rules, 24).ShouldBeFalse();
            MeanShift shift = MeanShift.OfFits(place, moments, null, wider.Fits);
            shift.IsDrifted(Rules.Fit, Rules, 24).ShouldBeTrue();
            Math.Sign(shift.Size).ShouldBe(sign);
        }
    }

    /// <summary>Rows of two clusters, of which the second is shifted in the second column.</summary>
    private static double[] Normals(int week, int rows, double shift) => [.. Enumerable.Range(0, rows).SelectMany(i => new[]
    {
        AlarmTests.Normal(1, week, i) + (i % 2 == 0 ? -5 : 5), AlarmTests.Normal(2, week, i) + (i % 2 == 0 ? 0 : shift),
    })];

    private static int Nearest(double[] row)
    {
        var cluster = new int[1];
        Model.Tell(new(row, 2), cluster, [new double[1]], OrleansCluster.Numerics.Parallelism.Sequential.Instance);
        return cluster[0];
    }

    private static byte[] Sums(ObservedRows rows)
    {
        var writer = new ByteWriter();
        foreach (FixedSums sums in (FixedSums[])[rows.Centred, rows.Fits])
        {
            for (int group = 0; group < sums.Groups; group++)
            {
                writer.Int64(sums.Rows(group));
                writer.Double(sums.Mean(group));
            }
        }

        return writer.ToArray();
    }
}
