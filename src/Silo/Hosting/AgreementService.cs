using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OrleansCluster.Serving;

namespace OrleansCluster.Silo;

/// <summary>Tells what this silo compared, every few seconds and at the end.</summary>
internal sealed partial class AgreementService(AgreementLedger ledger, TimeProvider time, IOptions<ServingOptions> options, ILogger<AgreementService> logger)
    : BackgroundService
{
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        // Before Orleans stops, which was registered earlier and so stops later.
        if (!cancellationToken.IsCancellationRequested)
            await Tell(cancellationToken).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            // Stopping throws nothing here: every command stops this, and an exception takes it milliseconds.
            await Task.Delay(options.Value.AgreementPeriod, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested)
                return;
            await Tell(stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task Tell(CancellationToken cancellation)
    {
        if (await ledger.FlushAsync(cancellation).ConfigureAwait(false) is { } failure)
            CannotTell(logger, failure.Message);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "What versions agreed on could not be told and is lost: {Reason}")]
    private static partial void CannotTell(ILogger logger, string reason);
}
