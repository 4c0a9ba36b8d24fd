using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansCluster.Training;

namespace OrleansCluster.Silo.Clustering;

/// <summary>Has the cluster's watch look after running jobs every two seconds. Every silo does, so that it happens whichever silo is lost.</summary>
internal sealed partial class JobWatchService(IGrainFactory grains, TimeProvider time, ILogger<JobWatchService> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await grains.GetGrain<IJobWatchGrain>(IJobWatchGrain.Key).Look(stoppingToken).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Whatever is wrong now, looking again is the remedy.
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                CannotLook(logger, e.Message);
            }
#pragma warning restore CA1031
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Nobody could look after running jobs just now: {Reason}")]
    private static partial void CannotLook(ILogger logger, string reason);
}
