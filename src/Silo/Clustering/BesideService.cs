using Microsoft.Extensions.Hosting;

namespace OrleansCluster.Silo.Clustering;

/// <summary>What runs beside a silo for as long as it takes part.</summary>
internal sealed class BesideService(IGrainFactory grains, Func<IGrainFactory, CancellationToken, Task<IAsyncDisposable>> begin) : IHostedService
{
    private IAsyncDisposable? _running;

    public async Task StartAsync(CancellationToken cancellationToken) => _running = await begin(grains, cancellationToken).ConfigureAwait(false);

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_running is not null)
            await _running.DisposeAsync().ConfigureAwait(false);
    }
}
