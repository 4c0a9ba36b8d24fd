using Microsoft.Extensions.Hosting;
using OrleansCluster.Training;

namespace OrleansCluster.Silo;

/// <summary>Compiles the code of trainings in the background while a silo starts, so that its first job does not wait for it.</summary>
internal sealed class RehearsalService(TrainingAlgorithms algorithms) : IHostedService
{
    private static readonly TrainingRequest KMeans = new() { Dataset = "", Model = "", KMeans = new KMeansOptions { K = 128 } };
    private static readonly TrainingRequest Mixture = new() { Dataset = "", Model = "", Mixture = new MixtureOptions { K = 8 } };

    public Task StartAsync(CancellationToken cancellationToken)
    {
        Begin(algorithms, KMeans, Mixture);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Rehearses on a thread of its own, for which nobody waits.</summary>
    internal static void Begin(TrainingAlgorithms algorithms, params TrainingRequest[] requests)
    {
        var thread = new Thread(() =>
        {
            foreach (TrainingRequest request in requests)
                Rehearsal.Run(algorithms.Find(request.Algorithm()), request);
        });
        (thread.IsBackground, thread.Name) = (true, "rehearsal");
        thread.Start();
    }
}
