using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace OrleansCluster.Silo;

/// <summary>
/// Services whose hosted ones run. A host builder would read configuration and watch signals besides, which no home needs and every start would wait for.
/// </summary>
internal sealed class RunningServices : IAsyncDisposable
{
    private readonly ServiceProvider _provider;
    private readonly Stack<IHostedService> _running = new();

    private RunningServices(ServiceProvider provider) => _provider = provider;

    public IServiceProvider Provider => _provider;

    /// <summary>Starts the hosted services one after the other.</summary>
    public static async Task<RunningServices> StartAsync(IServiceCollection services, CancellationToken cancellation)
    {
        var started = new RunningServices(services.BuildServiceProvider());
        try
        {
            foreach (IHostedService service in started.Provider.GetServices<IHostedService>())
            {
                await service.StartAsync(cancellation).ConfigureAwait(false);
                started._running.Push(service);
            }

            return started;
        }
        catch
        {
            await started.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Stops them, the last that was started first.</summary>
    /// <param name="cancellation">Ends the patience with them.</param>
    /// <param name="keep">How many of those that were started first run on.</param>
    public async Task StopAsync(CancellationToken cancellation, int keep = 0)
    {
        var failures = new List<Exception>();
        while (_running.Count > keep)
        {
            IHostedService service = _running.Pop();
#pragma warning disable CA1031 // Those that were started before are stopped all the same.
            try
            {
                await service.StopAsync(cancellation).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                failures.Add(e);
            }
#pragma warning restore CA1031
        }

        if (failures.Count > 0)
            throw new AggregateException(failures);
    }

    public ValueTask DisposeAsync() => _provider.DisposeAsync();
}
