using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCluster.Monitoring;

namespace OrleansCluster.Silo;

/// <summary>Has what this silo's assigners are asked looked at and told, every few seconds and at the end.</summary>
internal sealed partial class ObservingService(
    ServedObservations observations, TimeProvider time, IOptions<ObservingOptions> options, ILogger<ObservingService> logger) : BackgroundService
{
    /// <summary>Has a silo observe.</summary>
    /// <param name="services">The silo's services.</param>
    /// <param name="window">Length of a window.</param>
    public static void Add(IServiceCollection services, TimeSpan window)
    {
        services.Configure<ObservingOptions>(options => (options.Observe, options.Window) = (true, window));
        services.AddHostedService<ObservingService>();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        // Before Orleans stops, which was registered earlier and so stops later.
        if (!cancellationToken.IsCancellationRequested)
            await Flush(all: true, cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await Task.Delay(options.Value.Period, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;
            await Flush(all: false, stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task Flush(bool all, CancellationToken cancellation)
    {
        if (await observations.FlushAsync(all, cancellation).ConfigureAwait(false) is not { } failure)
            return;
        if (all)
            IsLost(logger, failure.Message);
        else
            CannotTell(logger, failure.Message);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "What was observed could not be told, and is told later: {Reason}")]
    private static partial void CannotTell(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "What was observed last could not be told and is lost: {Reason}")]
    private static partial void IsLost(ILogger logger, string reason);
}
