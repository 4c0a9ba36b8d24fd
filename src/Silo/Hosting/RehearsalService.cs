using Microsoft.Extensions.Hosting;
using OrleansCluster.Families;
using OrleansCluster.Training;

namespace OrleansCluster.Silo;

/// <summary>Compiles the code of trainings in the background while a silo starts, so that its first job does not wait for it.</summary>
internal sealed class RehearsalService(FamilyRegistry families) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Begin(families, [.. families.All.Select(family => family.Typical)]);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Rehearses on a thread of its own, for which nobody waits.</summary>
    internal static void Begin(FamilyRegistry families, params ITrainingOptions[] options)
    {
        var thread = new Thread(() =>
        {
            foreach (ITrainingOptions one in options)
                Rehearsal.Run(families.Find(one.Family), one);
        });
        (thread.IsBackground, thread.Name) = (true, "rehearsal");
        thread.Start();
    }
}
