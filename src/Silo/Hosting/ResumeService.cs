using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Silo;

/// <summary>
/// Takes up at once, when a silo has started on a home, the jobs that the last owner did not finish. Their reminders would, but a minute later.
/// </summary>
internal sealed partial class ResumeService(IReminderTable reminders, IGrainFactory grains, ILogger<ResumeService> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ReminderTableData unfinished = await reminders.ReadRows(0, 0, stoppingToken).ConfigureAwait(false);
        // Others are not in a hurry: what retrains models is reminded within a minute.
        GrainType jobs = grains.GetGrain<ITrainingGrain>(GrainKeys.For(GrainKeys.DefaultTenant, "any")).GetGrainId().Type;
        await Task.WhenAll(unfinished.Reminders.Where(reminder => reminder.GrainId.Type == jobs)
            .Select(reminder => WakeAsync(reminder.GrainId, stoppingToken))).ConfigureAwait(false);
    }

    private async Task WakeAsync(GrainId job, CancellationToken cancellation)
    {
#pragma warning disable CA1031 // One job that cannot be taken up does not keep the others from it.
        try
        {
            await grains.GetGrain<ITrainingGrain>(job).Wake(cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            CannotWake(logger, job, e.Message);
        }
#pragma warning restore CA1031
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Job} was not taken up and is tried again within a minute: {Reason}")]
    private static partial void CannotWake(ILogger logger, GrainId job, string reason);
}
