using System.Collections.Immutable;
using OrleansCluster.Numerics.Explanation;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Tests.Preparation;

namespace OrleansCluster.Numerics.Tests.KMeans.Sphere;

/// <summary>Why rows belong to their clusters by the cosine, beside plain loops.</summary>
public sealed class DirectionExplainerTests
{
    private const int K = 4, Columns = 6;

    [Fact]
    public void Shares_of_the_cosine_and_values_where_it_is_the_same()
    {
        // Between the axes lies the diagonal: of (3, 1) the first value may fall to 1, or the second rise to 3, and of its length nothing depends.
        var explainer = new DirectionExplainer([1, 0, 0, 0, 1, 0], 3);
        foreach (double length in new[] { 1, 1e-300, 4e307 })
        {
            RowExplanation told = explainer.Explain([3 * length, length, 0], 0);
            (told.Cluster, told.RunnerUp, told.Constant).ShouldBe((0, 1, 0));
            told.Fit.ShouldBe((3 / Math.Sqrt(10)) - 1, 1e-15);
            told.Lead.ShouldBe(2 / Math.Sqrt(10), 1e-15);
            told.Parts.Zip([0.9 - (3 / Math.Sqrt(10)), 0.1, 0], (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-15);
            told.Against.Zip([3 / Math.Sqrt(10), -1 / Math.Sqrt(10), 0], (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-15);
            (told.Boundaries[0] / length).ShouldBe(1, 1e-14);
            (told.Boundaries[1] / length).ShouldBe(3, 1e-14);
            told.Boundaries[2].ShouldBe(double.NaN);
        }
    }

    [Fact]
    public void Shares_add_up_and_at_a_boundary_two_clusters_are_as_near_and_no_third_is_nearer()
    {
        var random = new Random(11);
        int found = 0, taken = 0;
        for (int round = 0; round < 300; round++)
        {
            double[] centres = [.. Enumerable.Range(0, K).SelectMany(_ => Unit(Draw(random)))];
            double[] row = Draw(random);
            row[round % Columns] = round % 3 == 0 ? 0 : row[round % Columns];
            var explainer = new DirectionExplainer(centres, Columns);
            double[] cosines = Cosines(row, centres);
            int own = Array.IndexOf(cosines, cosines.Max()), other = Array.IndexOf(cosines, cosines.Where((_, c) => c != own).Max());
            explainer.Best(row).ShouldBe(own);
            RowExplanation told = explainer.Explain([.. row.Select(value => value * 1e5)], own);
            told.RunnerUp.ShouldBe(other);
            told.Fit.ShouldBe(cosines[own] - 1, 1e-12);
            told.Lead.ShouldBe(cosines[own] - cosines[other], 1e-12);
            told.Parts.Sum().ShouldBe(1 - cosines[own], 1e-12);
            told.Against.Sum().ShouldBe(cosines[own] - cosines[other], 1e-12);
            for (int j = 0; j < Columns; j++)
            {
                // (a − b)·x = 0, solved for x_j.
                double rest = 0;
                for (int i = 0; i < Columns; i++)
                    rest += i == j ? 0 : row[i] * (centres[(own * Columns) + i] - centres[(other * Columns) + i]);
                double[] there = [.. row];
                there[j] = -rest / (centres[(own * Columns) + j] - centres[(other * Columns) + j]);
                double[] moved = Cosines(there, centres);
                moved[own].ShouldBe(moved[other], 1e-9);
                bool isThird = moved.Where((_, c) => c != own && c != other).Max() > moved[own];
                (isThird ? ref taken : ref found)++;
                if (isThird)
                    told.Boundaries[j].ShouldBe(double.NaN);
                else
                    (told.Boundaries[j] / 1e5).ShouldBe(there[j], 1e-9 * (1 + Math.Abs(there[j])));
            }
        }

        (found, taken).ShouldSatisfyAllConditions(() => found.ShouldBeGreaterThan(300), () => taken.ShouldBeGreaterThan(300));
    }

    [Fact]
    public void What_a_row_is_only_in_one_column_has_no_boundary_there_and_a_row_of_zeros_none_at_all()
    {
        var explainer = new DirectionExplainer([0.6, 0.8, 0.8, -0.6], 2);
        RowExplanation told = explainer.Explain([0, 5], 0);
        told.Boundaries[0].ShouldBe(35, 1e-12);
        told.Boundaries[1].ShouldBe(double.NaN);
        explainer.Best([0, 0]).ShouldBe(-1);
        RowExplanation nothing = explainer.Explain([0, 0], 0);
        (nothing.RunnerUp, double.IsNaN(nothing.Fit), double.IsNaN(nothing.Lead)).ShouldBe((-1, true, true));
        nothing.Boundaries.ShouldAllBe(value => double.IsNaN(value));
        RowExplanation alone = new DirectionExplainer([0.6, 0.8], 2).Explain([5, 0], 0);
        (alone.RunnerUp, double.IsNaN(alone.Lead), alone.Boundaries.All(double.IsNaN)).ShouldBe((-1, true, true));
        alone.Fit.ShouldBe(-0.4, 1e-15);
    }

    [Fact]
    public void Prepared_rows_are_told_in_units_of_the_row_and_one_that_would_be_zeros_is_no_boundary()
    {
        // Ages of mean 40 and variance 100.
        ImmutableArray<RowColumn> columns = [new("age"), new("member", ColumnType.Boolean)];
        FittedPreparation fitted = PreparedCase.Fit("scale=standard:age", columns, new RowBlock(new double[] { 30, 0, 50, 1, 30, 1, 50, 0 }, 2));
        var explainer = new PreparedExplainer(fitted, columns, new DirectionExplainer([0, 1, 0.8, 0.6, 0, -1], 2));
        PreparedRow Told(params double[] row) =>
            explainer.Explain(row, fitted.Bind(columns).Prepare(new RowBlock(row, 2), Sequential.Instance).Float64.Span, 0);
        // 0.8 t = 0.4 at a scaled age of t.
        PreparedRow one = Told(41, 1);
        one.Boundaries[0].ShouldBe(45, 1e-9);
        // Without membership only the age is there.
        one.Boundaries[1].ShouldBe(0);
        one.Against.Sum().ShouldBe(one.Row.Lead, 1e-12);
        Told(40, 1).Boundaries[1].ShouldBe(double.NaN);
    }

    private static double[] Draw(Random random) => [.. Enumerable.Range(0, Columns).Select(_ => (2 * random.NextDouble()) - 1)];

    private static double[] Unit(double[] vector)
    {
        double length = Math.Sqrt(vector.Sum(value => value * value));
        return [.. vector.Select(value => value / length)];
    }

    private static double[] Cosines(double[] row, double[] centres)
    {
        double[] unit = Unit(row);
        return [.. centres.Chunk(Columns).Select(centre => unit.Zip(centre, (a, b) => a * b).Sum())];
    }
}
