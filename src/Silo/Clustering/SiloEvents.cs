using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansCluster.Silo.Clustering;

/// <summary>Tells the log which silos come and go.</summary>
internal sealed partial class SiloEvents(ISiloStatusOracle membership, ILogger<SiloEvents> logger) : IHostedService, ISiloStatusListener
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        membership.SubscribeToSiloStatusEvents(this);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        membership.UnSubscribeFromSiloStatusEvents(this);
        return Task.CompletedTask;
    }

    public void SiloStatusChangeNotification(SiloAddress updatedSilo, SiloStatus status)
    {
        if (updatedSilo.Equals(membership.SiloAddress))
            return;
        if (status == SiloStatus.Active)
            TakesPart(logger, updatedSilo);
        else if (status == SiloStatus.ShuttingDown)
            Leaves(logger, updatedSilo);
        else if (status == SiloStatus.Dead)
            IsGone(logger, updatedSilo);
    }

    [LoggerMessage(1, LogLevel.Information, "The silo {Silo} takes part")]
    private static partial void TakesPart(ILogger logger, SiloAddress silo);

    [LoggerMessage(2, LogLevel.Information, "The silo {Silo} is leaving")]
    private static partial void Leaves(ILogger logger, SiloAddress silo);

    [LoggerMessage(3, LogLevel.Warning, "The silo {Silo} is gone: its work goes on elsewhere")]
    private static partial void IsGone(ILogger logger, SiloAddress silo);
}
