using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Tests.Mixtures;

/// <summary>Rows of few points, which components sit on: the covariance of the floor is their answer.</summary>
public sealed class PointTests
{
    /// <summary>Both columns vary by 14.25, as 0, 3, 6 and 10 do.</summary>
    private static readonly double[] Points = [0, 10, 3, 6, 6, 3, 10, 0];

    private static readonly RowBlock Rows = new(Enumerable.Range(0, 5).SelectMany(_ => Points).ToArray(), 2);

    public static TheoryData<CovarianceForm, MixtureInit, double, CollapsePolicy> Cases
    {
        get
        {
            var cases = new TheoryData<CovarianceForm, MixtureInit, double, CollapsePolicy>();
            foreach (CovarianceForm form in MixtureCase.Forms)
            {
                foreach (MixtureInit init in new[] { MixtureInit.KMeans, MixtureInit.PlusPlus })
                {
                    cases.Add(form, init, 1e-6, CollapsePolicy.Reseed);
                    cases.Add(form, init, 1e-6, CollapsePolicy.Drop);
                }
            }

            cases.Add(CovarianceForm.Full, MixtureInit.KMeans, 1e-3, CollapsePolicy.Reseed);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_component_for_each_point_has_the_covariance_of_the_floor(CovarianceForm form, MixtureInit init, double regularization, CollapsePolicy policy)
    {
        double variance = Points.Where((_, i) => i % 2 == 0).Select(x => Math.Pow(x - 4.75, 2)).Average();
        MixtureResult result = MixtureCase.Train(MixtureSpec.Create(4, form, init, regularization: regularization, collapse: policy), Rows, 7).Result!;
        result.Model.K.ShouldBe(4);
        result.Objective.ShouldBe(-Math.Log(4) - Math.Log(2 * Math.PI) - Math.Log(regularization * variance), 1e-9);
        result.Sizes.ShouldBe([5, 5, 5, 5]);
        result.FloorHits.ShouldAllBe(hits => hits == form.Directions(2));
        for (int c = 0; c < 4; c++)
            result.Model.Parameters.Covariance(c, 0, 0).ShouldBe(regularization * variance, 1e-12);
        string warning = result.Warnings.ShouldHaveSingleItem();
        if (form == CovarianceForm.Tied)
            warning.ShouldBe("The covariances of all components were lifted to the floor of 1E-06 of the columns' variances: few or almost equal rows.");
        else
            warning.ShouldEndWith("collapsed at the start: they stay there, with the covariance of the floor, as nothing is left beside them.");
    }

    [Fact]
    public void Its_criteria_are_those_of_the_likelihood()
    {
        MixtureCriteria criteria = MixtureCase.Train(MixtureSpec.Create(4), Rows).Result!.Criteria;
        (criteria.Parameters, criteria.Size).ShouldBe((23, 20));
        criteria.Bic.ShouldBe((-2 * criteria.LogLikelihood) + (23 * Math.Log(20)), 1e-9);
        criteria.Icl.ShouldBe(criteria.Bic, 1e-9);
    }

    [Fact]
    public void Who_asks_for_an_error_has_it()
        => Should.Throw<TrainingException>(() => MixtureCase.Train(MixtureSpec.Create(4, collapse: CollapsePolicy.Fail), Rows))
            .Message.ShouldContain("collapsed at the start");

    [Fact]
    public void Without_a_floor_there_is_no_density()
        => Should.Throw<TrainingException>(() => MixtureCase.Train(MixtureSpec.Create(4, regularization: 0), Rows))
            .Message.ShouldContain("Use a regularization above 0");

    [Fact]
    public void Many_points_are_told_in_few_words()
    {
        double[] values = [.. Enumerable.Range(0, 60).Select(i => Math.Pow(i % 20, 2))];
        MixtureResult result = MixtureCase.Train(MixtureSpec.Create(20, regularization: 1e-9), new RowBlock(values, 1)).Result!;
        result.Model.K.ShouldBe(20);
        result.Warnings.ShouldHaveSingleItem().ShouldContain(" and 15 more collapsed at the start");
    }

    [Fact]
    public void A_large_floor_is_no_reason_to_give_up()
    {
        MixtureResult result = MixtureCase.Train(MixtureSpec.Create(4, regularization: 0.9, restarts: 2), Rows).Result!;
        result.Model.K.ShouldBe(4);
        double.IsFinite(result.Objective).ShouldBeTrue();
    }

    [Theory]
    [InlineData(1.0 / (1L << 60))]
    [InlineData(0)]
    public void Rows_too_light_to_count_are_said_to_be_that(double light)
    {
        double[] values = [1, 2, 3, 4, 5, 6];
        double[] weights = [1, 1, light, light, light, light];
        string message = Should.Throw<TrainingException>(() => MixtureCase.Train(MixtureSpec.Create(4), new RowBlock(values, 1, weights))).Message;
        message.ShouldBe(light == 0
            ? "k is 4, but there are only 2 rows of positive weight: ask for at most 2 components."
            : "k is 4, but 4 rows weigh at most 4.440892098500626E-16, too little to count beside the heaviest of 1, and the others have only 2 distinct "
                + "values: ask for at most 2 components.");
    }

    [Fact]
    public void Means_given_twice_are_told_to_be_one_component()
    {
        var rows = new RowBlock(MixtureCase.Clusters(21, 300, 2, 2, 6), 2);
        MixtureResult result = MixtureCase.Train(MixtureSpec.Create(3, init: MixtureInit.Given, initialMeans: new double[] { 0, 0, 5, 5, 0, 0 }), rows).Result!;
        result.Model.K.ShouldBe(3);
        result.Sizes[2].ShouldBe(0);
        result.Warnings.ShouldContain(
            warning => warning.StartsWith("Component ‹2› is component ‹0› once more, so that no row is labelled with it", StringComparison.Ordinal));
    }
}
