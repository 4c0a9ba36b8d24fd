using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrleansCluster.Silo;

/// <summary>Tells grains what this silo counted, every little while and at the end.</summary>
/// <param name="what">What was counted, for messages.</param>
/// <param name="period">How often.</param>
/// <param name="flush">Tells; answers why something could not be told.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Where what cannot be told is told instead.</param>
internal abstract partial class PeriodicTelling(
    string what, TimeSpan period, Func<CancellationToken, Task<Exception?>> flush, TimeProvider time, ILogger logger) : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        // Before Orleans stops, which was registered earlier and so stops later.
        if (!cancellationToken.IsCancellationRequested)
            await TellAsync(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            // Stopping throws nothing here: every command stops this, and an exception takes it milliseconds.
            await Task.Delay(period, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;
            await TellAsync(stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task TellAsync(CancellationToken cancellation)
    {
        if (await flush(cancellation).ConfigureAwait(false) is { } failure)
            CannotTell(logger, what, failure.Message);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{What} could not be told: {Reason}")]
    private static partial void CannotTell(ILogger logger, string what, string reason);
}
