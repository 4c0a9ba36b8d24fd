using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>Starts and stops the engine with its host.</summary>
internal sealed class SiloHostedService(Silo silo, IServiceProvider services) : IHostedService
{
    private readonly ReminderService? _reminders = services.GetService<ReminderService>();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        silo.Start();
        if (_reminders is not null)
            await _reminders.StartAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _reminders?.Stop();
        await silo.StopAsync(cancellationToken);
    }
}

internal sealed class GrainContextAccessor : IGrainContextAccessor
{
    public IGrainContext GrainContext => RuntimeContext.Current!;
}
