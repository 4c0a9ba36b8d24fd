using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Tests.Mixtures;

public sealed class CollapseTests
{
    [Fact]
    public void Without_policy_to_go_on_the_error_names_iteration_component_and_rows()
    {
        string message = Should.Throw<TrainingException>(() => Train(CollapsePolicy.Fail)).Message;
        message.ShouldContain("Component #0");
        message.ShouldContain("on rows 1, 4, 7, 10, 13 …");
        message.ShouldContain("in iteration 3");
        message.ShouldContain("re-seeded or dropped");
    }

    [Fact]
    public void A_dropped_component_is_reported_and_gone()
    {
        MixtureResult result = Train(CollapsePolicy.Drop);
        result.Model.K.ShouldBe(1);
        result.Model.Weights[0].ShouldBe(1);
        result.Warnings.ShouldHaveSingleItem().ShouldBe("Component #0 (on rows 1, 4, 7, 10, 13 …) collapsed in iteration 3 and was dropped.");
    }

    [Fact]
    public void A_reseeded_component_begins_anew_elsewhere()
    {
        MixtureResult result = Train(CollapsePolicy.Reseed);
        result.Model.K.ShouldBe(2);
        result.Warnings[0].ShouldBe("Component ‹0› (on rows 1, 4, 7, 10, 13 …) collapsed in iteration 3 and was re-seeded.");
        // Where every start ends on the same point, the component belongs there, which is told once.
        result.Warnings[^1].ShouldContain("it stays there, with the covariance of the floor");
        result.FloorHits.ShouldBe([2, 0]);
        result.Sizes.ShouldBe([300, 600]);
    }

    [Fact]
    public void A_component_that_no_row_belongs_to_is_lost()
    {
        var rows = new RowBlock(MixtureCase.Clusters(81, 500, 2, 1, 1), 2);
        MixtureSpec spec = MixtureSpec.Create(2, CovarianceForm.Tied, MixtureInit.Given, new double[] { 0, 0, 1e6, 1e6 }, collapse: CollapsePolicy.Drop);
        MixtureResult result = MixtureCase.Train(spec, rows).Result!;
        result.Model.K.ShouldBe(1);
        result.Warnings[0].ShouldContain("Component #1 (on no row) collapsed in iteration 1 and was dropped");
    }

    [Fact]
    public void Columns_that_depend_on_each_other_rest_on_the_floor_or_are_refused()
    {
        double[] values = MixtureCase.Clusters(82, 2000, 2, 2, 5);
        double[] dependent = [.. values.Chunk(2).SelectMany(row => new[] { row[0], row[1], row[0] + (2 * row[1]) })];
        var rows = new RowBlock(dependent, 3);
        MixtureResult result = MixtureCase.Train(MixtureSpec.Create(2, seed: 1), rows).Result!;
        result.FloorHits.ShouldBe([1, 1]);
        result.Warnings.ShouldHaveSingleItem().ShouldContain("columns probably depend on each other");
        string message = Should.Throw<TrainingException>(() => MixtureCase.Train(MixtureSpec.Create(2, regularization: 0, seed: 1), rows)).Message;
        message.ShouldContain("columns depend on each other");
        message.ShouldContain("Use a regularization above 0");
    }

    [Theory]
    [InlineData(CovarianceForm.Full)]
    [InlineData(CovarianceForm.Tied)]
    [InlineData(CovarianceForm.Diagonal)]
    public void A_constant_column_is_refused(CovarianceForm form)
    {
        double[] values = [.. Enumerable.Range(0, 100).SelectMany(i => new[] { i, 7.5 })];
        Should.Throw<TrainingException>(() => MixtureCase.Train(MixtureSpec.Create(2, form), new RowBlock(values, 2))).Message
            .ShouldBe("Column 1 (from 0) is constant: a density over it would be infinite. Leave it out, or ask for spherical covariances.");
        MixtureCase.Train(MixtureSpec.Create(2, CovarianceForm.Spherical), new RowBlock(values, 2)).Result!.Model.K.ShouldBe(2);
    }

    [Fact]
    public void More_components_than_rows_or_distinct_rows_are_refused()
    {
        var few = new RowBlock(new double[] { 1, 2, 3, 4 }, 1, new double[] { 1, 0, 1, 1 });
        Should.Throw<TrainingException>(() => MixtureCase.Train(MixtureSpec.Create(4), few)).Message
            .ShouldContain("k is 4, but there are only 3 rows of positive weight");
        double[] repeated = [.. Enumerable.Range(0, 100).Select(i => (double)(i % 3))];
        Should.Throw<TrainingException>(() => MixtureCase.Train(MixtureSpec.Create(5), new RowBlock(repeated, 1))).Message
            .ShouldBe("k is 5, but the rows have only 3 distinct values: ask for at most 3 components.");
        Should.Throw<TrainingException>(() => MixtureCase.Train(MixtureSpec.Create(1, CovarianceForm.Spherical), new RowBlock(new double[] { 5, 5 }, 1)))
            .Message
            .ShouldContain("All rows are equal");
        Should.Throw<TrainingException>(() => MixtureCase.Train(MixtureSpec.Create(1), new RowBlock(new double[] { 5, 6 }, 1, new double[] { 0, 0 }))).Message
            .ShouldContain("no rows of positive weight");
    }

    [Fact]
    public void A_row_beyond_every_density_is_an_error_that_says_so()
    {
        double[] values = MixtureCase.Clusters(83, 200, 1, 1, 1);
        values[17] = 1e160;
        Should.Throw<TrainingException>(() => MixtureCase.Train(MixtureSpec.Create(1), new RowBlock(values, 1)))
            .Message.ShouldContain("Column 0 (from 0) has values that are too large");
    }

    /// <summary>A third of the rows is one point, and a component starts there.</summary>
    private static MixtureResult Train(CollapsePolicy policy)
    {
        double[] values = MixtureCase.Clusters(84, 900, 2, 1, 1);
        for (int i = 0; i < 300; i++)
            values[i * 6] = values[(i * 6) + 1] = 50;
        MixtureSpec spec = MixtureSpec.Create(2, CovarianceForm.Full, MixtureInit.Given, new double[] { 50, 50, 0, 0 }, collapse: policy, maxIterations: 30);
        return MixtureCase.Train(spec, new RowBlock(values, 2)).Result!;
    }
}
