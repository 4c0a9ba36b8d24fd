using OrleansCluster.Families.KMeans;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Numerics;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Mixtures;
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
        var request = Request(new KMeansOptions { K = 900, Init = init }, null);
        var trainer = (KMeansTrainer)family.Rehearse(request, 3, 4);
        LocalTraining.Run(trainer, [family.CreateWorker(Rows)], Sequential.Instance);
        trainer.Result!.Model.K.ShouldBe(3);
        Rehearsal.Run(family, request);
    }

    [Theory]
    [InlineData("kmeans", "full")]
    [InlineData("k-means++", "tied")]
    [InlineData("random", "diag")]
    [InlineData("given", "spherical")]
    public void Any_start_and_form_of_a_mixture_can_be_rehearsed(string init, string covariance)
    {
        var family = new MixtureFamily();
        var request = Request(null, new MixtureOptions { K = 2, Init = init, Covariance = covariance });
        var trainer = (MixtureTrainer)family.Rehearse(request, 2, 4);
        LocalTraining.Run(trainer, [family.CreateWorker(Rows)], Sequential.Instance);
        trainer.Result!.Model.K.ShouldBe(2);
        Rehearsal.Run(family, request);
    }

    [Fact]
    public void Wrong_options_are_left_to_the_training()
    {
        Rehearsal.Run(new KMeansFamily(), Request(new KMeansOptions { K = -5, Init = "nowhere" }, null));
        Rehearsal.Run(new MixtureFamily(), Request(null, new MixtureOptions { K = 0, Covariance = "round" }));
        Rehearsal.Run(new MixtureFamily(), Request(null, new MixtureOptions { K = 2, Init = "nowhere" }));
    }

    private static TrainingRequest Request(KMeansOptions? kmeans, MixtureOptions? mixture) => new() { Dataset = "", Model = "", KMeans = kmeans, Mixture = mixture };
}
