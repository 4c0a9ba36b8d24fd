using System.Globalization;
using OrleansCluster.Families;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Families.SphericalKMeans;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Training;

/// <summary>Plans of trainings: how their numbers grow, and what they refuse.</summary>
public sealed class TrainingPlanTests
{
    private const long Giga = 1 << 30;

    private static readonly IFamily Clusters = new KMeansFamily(), Mixtures = new MixtureFamily();

    [Fact]
    public void Rows_and_what_is_kept_for_them_are_divided_among_silos()
    {
        var rows = new PlannedRows(10_000_000, 16, 4, 1, 8);
        TrainingPlan one = TrainingPlan.Of(Clusters, new KMeansOptions { K = 8 }, rows)!;
        TrainingPlan four = TrainingPlan.Of(Clusters, new KMeansOptions { K = 8 }, rows with { Silos = 4 })!;
        one.MappedBytes.ShouldBe(10_000_000L * 16 * 4);
        // 153 shards: 39 of them on one of four silos.
        four.MappedBytes.ShouldBe(39L * 65_536 * 16 * 4);
        one.MessageBytes.ShouldBe(0);
        four.MessageBytes.ShouldBeGreaterThan(3 * 8 * 16 * 8);
        (one.IterationSeconds / four.IterationSeconds).ShouldBe(10_000_000.0 / (39 * 65_536), 1e-9);
    }

    [Fact]
    public void What_cannot_fit_is_refused_with_the_numbers_and_what_would()
    {
        var options = new MixtureOptions { K = 2_000, Covariance = "full" };
        var rows = new PlannedRows(100_000, 100, 8, 1, 2);
        TrainingPlan plan = TrainingPlan.Of(Mixtures, options, rows)!;
        // 2,000 components of 1 + 100 + 5,050 numbers, in several copies.
        plan.SiloBytes.ShouldBeGreaterThan(4 * 2_000L * 5_151 * 8);
        plan.Refusal(16 * Giga).ShouldBeNull();
        string refusal = plan.Refusal(Giga / 2).ShouldNotBeNull();
        refusal.ShouldContain("512.0 MB may be taken");
        int most = int.Parse(refusal.Split("at most ")[1].Split(' ')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        most.ShouldBeInRange(100, 1_999);
        TrainingPlan.Of(Mixtures, options with { K = most }, rows)!.Refusal(Giga / 2).ShouldBeNull();
        TrainingPlan.Of(Mixtures, options with { K = most + 1 }, rows)!.Refusal(Giga / 2).ShouldNotBeNull();
    }

    [Fact]
    public void What_needs_little_is_tried_whatever_the_process_takes_itself() =>
        TrainingPlan.Of(Clusters, new KMeansOptions { K = 8 }, new PlannedRows(10_000, 10, 8, 1, 2))!.Refusal(64 << 20).ShouldBeNull();

    [Fact]
    public void Rows_that_do_not_fit_one_silo_fit_several()
    {
        var rows = new PlannedRows(200_000_000, 8, 4, 1, 4);
        string refusal = TrainingPlan.Of(Clusters, new KMeansOptions { K = 8 }, rows)!.Refusal(2 * Giga).ShouldNotBeNull();
        int silos = int.Parse(refusal.Split("or on ")[^1].Split("with ")[^1].Split(' ')[0], CultureInfo.InvariantCulture);
        silos.ShouldBeInRange(2, 4);
        TrainingPlan.Of(Clusters, new KMeansOptions { K = 8 }, rows with { Silos = silos })!.Refusal(2 * Giga).ShouldBeNull();
    }

    [Fact]
    public void Sparse_rows_are_planned_by_their_values()
    {
        // 1,000,000 rows of 50 values: 16 shards, 8 on each of two silos.
        var rows = new PlannedRows(1_000_000, 50_000, 8, 2, 2) { Entries = 50_000_000 };
        var options = new KMeansOptions { K = 64, Init = "random" };
        TrainingPlan plan = TrainingPlan.Of(Clusters, options, rows)!;
        const long OnSilo = 8 * 65_536;
        plan.MappedBytes.ShouldBe(OnSilo * (4 + (50 * 12)));
        plan.RowBytes.ShouldBe((OnSilo * 20) + (8L * 8 * ((65 * 50_002) + 50_000)));
        plan.IterationSeconds.ShouldBe(((OnSilo * 50 * 64 / 2.0) + (64 * 50_000)) / 1e9, 1e-9);
        TrainingPlan sphere = TrainingPlan.Of(new SphericalKMeansFamily(), new SphericalKMeansOptions { K = 64, Init = "random" }, rows)!;
        (sphere.RowBytes - plan.RowBytes).ShouldBe(OnSilo * (4 + (50 * 12)));
        TrainingPlan.Of(Mixtures, new MixtureOptions { K = 2 }, rows).ShouldBeNull();
    }

    [Fact]
    public void Sparse_rows_whose_centres_do_not_fit_are_refused()
    {
        var rows = new PlannedRows(10_000, 200_000, 8, 1, 2) { Entries = 100_000 };
        string refusal = TrainingPlan.Of(Clusters, new KMeansOptions { K = 500 }, rows)!.Refusal(2 * Giga).ShouldNotBeNull();
        int most = int.Parse(refusal.Split("at most ")[1].Split(' ')[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
        most.ShouldBeInRange(5, 100);
        TrainingPlan.Of(Clusters, new KMeansOptions { K = most }, rows)!.Refusal(2 * Giga).ShouldBeNull();
    }
}
