using OrleansCluster.Families.KMeans;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Training;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Training;

public sealed class RehearsalTests
{
    private static readonly RowBlock Rows = new(Enumerable.Range(0, 200).Select(i => (float)((i * 37 % 101) + (i % 7))).ToArray(), 4);

    [Theory]
    [InlineData("parallel")]
    [InlineData("k-means++")]
    [InlineData("random")]
    [InlineData("given")]
    public void Any_start_of_kmeans_can_be_rehearsed(string init)
    {
        var family = new KMeansFamily();
        var options = new KMeansOptions { K = 900, Init = init };
        var trainer = (KMeansTrainer)family.Rehearse(options, 3, 4);
        LocalTraining.Run(trainer, [family.CreateWorker(Rows)], Sequential.Instance);
        trainer.Result!.Model.K.ShouldBe(3);
        Rehearsal.Run(family, options);
    }

    [Theory]
    [InlineData("kmeans", "full")]
    [InlineData("k-means++", "tied")]
    [InlineData("random", "diag")]
    [InlineData("given", "spherical")]
    public void Any_start_and_form_of_a_mixture_can_be_rehearsed(string init, string covariance)
    {
        var family = new MixtureFamily();
        var options = new MixtureOptions { K = 2, Init = init, Covariance = covariance };
        var trainer = (MixtureTrainer)family.Rehearse(options, 2, 4);
        LocalTraining.Run(trainer, [family.CreateWorker(Rows)], Sequential.Instance);
        trainer.Result!.Model.K.ShouldBe(2);
        Rehearsal.Run(family, options);
    }

    [Fact]
    public void Wrong_options_are_left_to_the_training()
    {
        Rehearsal.Run(new KMeansFamily(), new KMeansOptions { K = -5, Init = "nowhere" });
        Rehearsal.Run(new MixtureFamily(), new MixtureOptions { K = 0, Covariance = "round" });
        Rehearsal.Run(new MixtureFamily(), new MixtureOptions { K = 2, Init = "nowhere" });
    }
}
