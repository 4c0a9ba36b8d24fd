using System.Collections.Immutable;
using OrleansCluster.Numerics.Explanation;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Tests.Preparation;

namespace OrleansCluster.Numerics.Tests.Explanation;

/// <summary>Rows that were prepared, explained in the columns that they had before.</summary>
public sealed class PreparedExplainerTests
{
    private static readonly ImmutableArray<RowColumn> Columns =
    [
        new("age"), new("country", ColumnType.Category) { Categories = ["DE", "FR", "US"] }, new("member", ColumnType.Boolean), new("joined", ColumnType.Time),
    ];

    /// <summary>Ages of mean 40 and variance 100.</summary>
    private static readonly double[] Rows = [30, 0, 0, 0, 50, 1, 1, 86400 * 40, 30, 0, 0, 86400 * 200, 50, 2, 1, 86400 * 300];

    [Fact]
    public void Contributions_of_prepared_columns_are_added_up_and_boundaries_told_in_units_of_the_row()
    {
        FittedPreparation fitted = PreparedCase.Fit("scale=standard:age,onehot=country,cycle=month", Columns, new RowBlock(Rows, 4));
        fitted.Outputs.ShouldBe(["age", "country=DE", "country=FR", "country=US", "member", "joined month sin", "joined month cos"]);
        // Two centres: age −1 and 1, DE and FR, not a member and one.
        var clusters = new CentreDistances(new KMeansModel([-1, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0], 7));
        var explainer = new PreparedExplainer(fitted, Columns, new RowExplainer(clusters));
        explainer.IsSeparate.ShouldBeTrue();
        double[] row = [36, 0, 0, 0];
        double[] prepared = fitted.Bind(Columns).Prepare(new RowBlock(row, 4), Sequential.Instance).Float64.ToArray();
        PreparedRow told = explainer.Explain(row, prepared, 0);
        // Age is −0.4 there: 0.36 from its own centre and 1.96 from the other. The country is 0 and 2 away, membership 0 and 1; the months count alike.
        told.Parts[0].ShouldBe(0.36, 1e-12);
        told.Against[..3].Zip([1.6, 2.0, 1.0], (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(1e-12);
        told.Against[3].ShouldBe(0, 1e-12);
        told.Row.Lead.ShouldBe(4.6, 1e-12);
        told.Against.Sum().ShouldBe(told.Row.Lead, 1e-12);
        // 4.6 = 4 t: the age at −0.4 + 1.15 = 0.75 of its scale.
        told.Boundaries[0].ShouldBe(47.5, 1e-9);
        // Neither another country nor membership alone is enough, and no time is.
        told.Boundaries[1..].ShouldAllBe(value => double.IsNaN(value));

        double[] older = [44, 0, 0, 0];
        PreparedRow near = explainer.Explain(older, fitted.Bind(Columns).Prepare(new RowBlock(older, 4), Sequential.Instance).Float64.ToArray(), 0);
        // The lead is 1.4 there, and FR takes 4 from it, or membership 2.
        near.Row.Lead.ShouldBe(1.4, 1e-12);
        near.Texts[1][(int)near.Boundaries[1]].ShouldBe("FR");
        near.Boundaries[2].ShouldBe(1);
        near.Boundaries[0].ShouldBe(47.5, 1e-9);
    }

    [Fact]
    public void A_value_beyond_what_a_step_lets_through_is_no_boundary()
    {
        double[] values = [.. Enumerable.Range(0, 101).Select(i => (double)i)];
        ImmutableArray<RowColumn> one = [new("x")];
        FittedPreparation fitted = PreparedCase.Fit("clip=0.1..0.9", one, new RowBlock(values, 1));
        var explainer = new PreparedExplainer(fitted, one, Of(50, 150));
        explainer.Explain([60], [60], 0).Boundaries[0].ShouldBe(double.NaN);
        new PreparedExplainer(fitted, one, Of(50, 70)).Explain([55], [55], 0).Boundaries[0].ShouldBe(60, 1e-9);
    }

    [Theory]
    [InlineData("pca=2", false)]
    [InlineData("unit", false)]
    [InlineData("scale=standard,yeojohnson,weigh=2:a", true)]
    [InlineData("select=b+a,indicator,impute=median", true)]
    public void Columns_that_come_of_several_are_known(string steps, bool separate)
    {
        FittedPreparation fitted = PreparedCase.Fit(steps, PreparedCase.Columns, new RowBlock(PreparedCase.Values(missing: steps.Contains("impute")), 4));
        int d = fitted.Outputs.Length;
        var clusters = new CentreDistances(new KMeansModel([.. Enumerable.Range(0, 2 * d).Select(i => (double)i)], d));
        new PreparedExplainer(fitted, PreparedCase.Columns, new RowExplainer(clusters)).IsSeparate.ShouldBe(separate);
    }

    private static RowExplainer Of(params double[] centres) => new(new CentreDistances(new KMeansModel([.. centres], 1)));
}
