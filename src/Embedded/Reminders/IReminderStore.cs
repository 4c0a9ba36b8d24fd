using System.Collections.Concurrent;
using Orleans.Runtime;

namespace Orleans.Embedded;

/// <summary>A reminder as it is stored.</summary>
/// <param name="GrainId">The grain to remind.</param>
/// <param name="Name">The reminder's name, unique within the grain.</param>
/// <param name="FirstTick">When it ticks first, UTC; all later ticks are this plus a multiple of the period.</param>
/// <param name="Period">From tick to tick.</param>
public sealed record StoredReminder(GrainId GrainId, string Name, DateTime FirstTick, TimeSpan Period);

/// <summary>Where reminders outlive the process. Called by one silo at a time; calls may overlap.</summary>
public interface IReminderStore
{
    /// <summary>All reminders, in any order. Called once, when the silo starts.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<StoredReminder>> ReadAllAsync(CancellationToken cancellationToken);

    /// <summary>Adds a reminder or replaces the one of the same grain and name. It is durable when the task completes.</summary>
    /// <param name="reminder">The reminder.</param>
    Task UpsertAsync(StoredReminder reminder);

    /// <summary>Removes a reminder; nothing happens if there is none.</summary>
    /// <param name="grainId">The grain.</param>
    /// <param name="name">The reminder's name.</param>
    Task RemoveAsync(GrainId grainId, string name);
}

/// <summary>Keeps reminders as long as the process lives.</summary>
internal sealed class MemoryReminderStore : IReminderStore
{
    private readonly ConcurrentDictionary<(GrainId, string), StoredReminder> _reminders = new();

    public Task<IReadOnlyList<StoredReminder>> ReadAllAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<StoredReminder>>([.. _reminders.Values]);

    public Task UpsertAsync(StoredReminder reminder)
    {
        _reminders[(reminder.GrainId, reminder.Name)] = reminder;
        return Task.CompletedTask;
    }

    public Task RemoveAsync(GrainId grainId, string name)
    {
        _reminders.TryRemove((grainId, name), out _);
        return Task.CompletedTask;
    }
}
