using Microsoft.Extensions.DependencyInjection;

namespace OrleansCluster.Silo.Clustering;

/// <summary>
/// A table of reminders whose failures are those of Orleans or say that it is away. What a provider's own library throws would not be understood by the
/// grain that asked, and a job would take a server that is away for a mistake of its own.
/// </summary>
internal sealed class GuardedReminders(IReminderTable table) : IReminderTable, IAsyncDisposable
{
    public Task StartAsync(CancellationToken cancellationToken = default) => table.StartAsync(cancellationToken);

    public Task StopAsync(CancellationToken cancellationToken = default) => table.StopAsync(cancellationToken);

    public Task<ReminderTableData> ReadRows(GrainId grainId) => Guard(() => table.ReadRows(grainId));

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => Guard(() => table.ReadRows(begin, end));

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => Guard(() => table.ReadRow(grainId, reminderName));

    public Task<string?> UpsertRow(ReminderEntry entry) => Guard(() => table.UpsertRow(entry));

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => Guard(() => table.RemoveRow(grainId, reminderName, eTag));

    public Task TestOnlyClearTable() => table.TestOnlyClearTable();

    public async ValueTask DisposeAsync()
    {
        if (table is IAsyncDisposable later)
            await later.DisposeAsync().ConfigureAwait(false);
        else
            (table as IDisposable)?.Dispose();
    }

    private static async Task<T> Guard<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception e) when (e is not (OrleansException or TimeoutException or OperationCanceledException))
        {
            throw new UnavailableException($"The table of reminders does not answer: {e.Message}", e);
        }
    }
}

/// <summary>Puts <see cref="GuardedReminders"/> before the table that a provider registered.</summary>
internal static class ReminderServices
{
    public static void GuardReminders(this IServiceCollection services)
    {
        ServiceDescriptor provider = services.Last(service => service.ServiceType == typeof(IReminderTable));
        services.Remove(provider);
        services.AddSingleton<IReminderTable>(all => new GuardedReminders((IReminderTable)(
            provider.ImplementationInstance
            ?? provider.ImplementationFactory?.Invoke(all)
            ?? ActivatorUtilities.CreateInstance(all, provider.ImplementationType!))));
    }
}
