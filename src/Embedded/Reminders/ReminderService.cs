using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Runtime;
using Orleans.Timers;

namespace Orleans.Embedded;

/// <summary>Ticks the reminders of the process. Ticks missed while the process was down are not made up for: the next one in the rhythm comes.</summary>
internal sealed partial class ReminderService(Silo silo, IReminderStore store, IOptions<ReminderOptions> options, ILogger<ReminderService> logger) : IReminderRegistry, IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(GrainId, string), ActiveReminder> _active = [];
    private bool _stopped;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var reminder in await store.ReadAllAsync(cancellationToken))
            Activate(reminder);
    }

    /// <summary>No reminder ticks from now on.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
            foreach (var reminder in _active.Values)
                reminder.Dispose();
            _active.Clear();
        }
    }

    public void Dispose() => Stop();

    public async Task<IGrainReminder> RegisterOrUpdateReminder(GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dueTime, TimeSpan.Zero);
        var shortest = options.Value.MinimumReminderPeriod;
        if (period < shortest)
            throw new ArgumentException($"The reminder '{reminderName}' of {callingGrainId} has a period of {period}: {shortest} is the least (ReminderOptions.MinimumReminderPeriod).", nameof(period));
        var reminder = new StoredReminder(callingGrainId, reminderName, silo.Time.GetUtcNow().UtcDateTime + dueTime, period);
        await store.UpsertAsync(reminder);
        return Activate(reminder);
    }

    public async Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder)
    {
        await store.RemoveAsync(callingGrainId, reminder.ReminderName);
        lock (_lock)
        {
            if (_active.Remove((callingGrainId, reminder.ReminderName), out var active))
                active.Dispose();
        }
    }

    public Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName)
    {
        lock (_lock)
            return Task.FromResult<IGrainReminder?>(_active.GetValueOrDefault((callingGrainId, reminderName)));
    }

    public Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId)
    {
        lock (_lock)
            return Task.FromResult(_active.Values.Where(r => r.Stored.GrainId == callingGrainId).ToList<IGrainReminder>());
    }

    private ActiveReminder Activate(StoredReminder reminder)
    {
        lock (_lock)
        {
            var key = (reminder.GrainId, reminder.Name);
            if (_active.Remove(key, out var old))
                old.Dispose();
            var active = new ActiveReminder(silo, reminder, LogFailure);
            if (_stopped)
                return active;
            _active.Add(key, active);
            active.Start();
            return active;
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "The reminder {Reminder} of grain {Grain} failed; it goes on.")]
    private partial void LogFailure(Exception error, string reminder, GrainId grain);
}
