using Orleans.Timers;

namespace OrleansCluster.Silo.Storage;

/// <summary>
/// Reminders that are written down and do not tick: for a host that takes up no job by itself, where a tick would have nothing to do. A later host of the
/// home that does finds them in the table. Orleans' own service of reminders would add to every start.
/// </summary>
internal sealed class FileReminders(IReminderTable table, TimeProvider time) : IReminderRegistry
{
    public async Task<IGrainReminder> RegisterOrUpdateReminder(GrainId callingGrainId, string reminderName, TimeSpan dueTime, TimeSpan period)
    {
        var entry = new ReminderEntry
        {
            GrainId = callingGrainId,
            ReminderName = reminderName,
            StartAt = time.GetUtcNow().UtcDateTime + dueTime,
            Period = period
        };
        return new Reminder(reminderName, await table.UpsertRow(entry).ConfigureAwait(false));
    }

    public async Task UnregisterReminder(GrainId callingGrainId, IGrainReminder reminder)
    {
        ArgumentNullException.ThrowIfNull(reminder);
        if (!await table.RemoveRow(callingGrainId, reminder.ReminderName, ((Reminder)reminder).ETag ?? "").ConfigureAwait(false))
            throw new ReminderException($"The reminder '{reminder.ReminderName}' of {callingGrainId} was changed by somebody else meanwhile.");
    }

    public async Task<IGrainReminder?> GetReminder(GrainId callingGrainId, string reminderName) =>
        await table.ReadRow(callingGrainId, reminderName).ConfigureAwait(false) is { } entry ? new Reminder(entry.ReminderName, entry.ETag) : null;

    public async Task<List<IGrainReminder>> GetReminders(GrainId callingGrainId) =>
        [.. (await table.ReadRows(callingGrainId).ConfigureAwait(false)).Reminders.Select(entry => new Reminder(entry.ReminderName, entry.ETag))];

    private sealed record Reminder(string ReminderName, string? ETag) : IGrainReminder;
}
