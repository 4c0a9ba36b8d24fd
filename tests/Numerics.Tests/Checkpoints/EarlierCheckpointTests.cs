using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Selection;
using OrleansCluster.Numerics.Tests.Evaluation;
using OrleansCluster.Numerics.Tests.Selection;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.Checkpoints;

/// <summary>
/// States that earlier builds saved, in folders by the version of their format: a job that was under way when the program was replaced goes on, and ends with
/// the bits that it would have ended with.
/// </summary>
public sealed class EarlierCheckpointTests
{
    private const int Columns = 2;

    /// <summary>Three groups, and a pile of equal rows that components collapse onto.</summary>
    private static readonly RowBlock Rows = MakeRows();

    [Theory]
    [InlineData("kmeans-start", "b1e917bd05efd1ce59d9cbef21e4de094e6590e0e182785846a3469238b3dca5")]
    [InlineData("kmeans-iterate", "b1e917bd05efd1ce59d9cbef21e4de094e6590e0e182785846a3469238b3dca5")]
    [InlineData("mixture-iterate", "cbbd8eefd08fb7e0105c5407ad6e60efeeaf15592a9a64f0c7af58b2f5cbe711")]
    [InlineData("mixture-collapse", "9d00e2e89c240cc215165d9d9e7a8bd9c1b82cdbba42a69bc79755314aca8140")]
    [InlineData("choice-of-means", "8cdd97f3dde66b04e180aec488da6c8dc81808c15725cae9ad46e3809e974ad4")]
    [InlineData("choice-of-components", "6f7e5931808335240d124e65b27ae29965ce3040c670ec0b930f696c192372c1")]
    public void A_run_that_was_saved_by_an_earlier_build_ends_with_the_same_bits(string name, string digest)
    {
        byte[] saved = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Checkpoints", "version1", name + ".bin"));
        Finished(Restored(name, saved)).ShouldBe(digest);
        Finished(Begun(name)).ShouldBe(digest, "from the beginning");
    }

    private static string Finished(ITrainer trainer)
    {
        LocalTraining.Run(trainer, SelectionCase.MixtureWorkers(Rows, 200), Sequential.Instance);
        return trainer switch
        {
            KMeansTrainer kmeans => kmeans.Result!.Model.Digest,
            MixtureTrainer mixture => mixture.Result!.Model.Digest,
            SelectionTrainer choice => KMeansSelection.Result(choice)?.Model.Digest ?? MixtureSelection.Result(choice)!.Model.Digest,
            _ => throw new InvalidOperationException(),
        };
    }

    private static ITrainer Restored(string name, byte[] saved) => name switch
    {
        "kmeans-start" or "kmeans-iterate" => KMeansTrainer.Restore(saved),
        "mixture-iterate" or "mixture-collapse" => MixtureTrainer.Restore(saved),
        "choice-of-means" => KMeansSelection.Restore(saved),
        _ => MixtureSelection.Restore(saved),
    };

    private static ITrainer Begun(string name) => name switch
    {
        "kmeans-start" or "kmeans-iterate" => new KMeansTrainer(KMeansSpec.Create(5, restarts: 3, seed: 4), Columns),
        "mixture-iterate" => new MixtureTrainer(MixtureSpec.Create(3, restarts: 3, seed: 4), Columns),
        "mixture-collapse" => new MixtureTrainer(
            MixtureSpec.Create(2, init: MixtureInit.Given, initialMeans: new double[] { 50, 50, 0, 0 }, maxIterations: 30), Columns),
        "choice-of-means" => KMeansSelection.Create(KMeansSpec.Create(2, restarts: 2, seed: 4), 5, SelectionCriterion.Silhouette, Columns),
        _ => MixtureSelection.Create(MixtureSpec.Create(1, CovarianceForm.Diagonal, restarts: 2, seed: 4), 4, SelectionCriterion.HeldOut, Columns),
    };

    private static RowBlock MakeRows()
    {
        int[] x = Sequences.Lcg(600, 1000, 41), y = Sequences.Lcg(600, 1000, 42), z = Sequences.Lcg(600, 1000, 43), group = Sequences.Lcg(600, 4, 44);
        var values = new double[1200];
        for (int i = 0; i < 600; i++)
        {
            values[2 * i] = group[i] == 3 ? 50 : ((x[i] + y[i] + z[i]) / 512.0) + (9 * group[i]);
            values[(2 * i) + 1] = group[i] == 3 ? 50 : ((y[i] - z[i]) / 256.0) + (group[i] == 1 ? 12 : 0);
        }

        return new RowBlock(values, Columns);
    }
}
