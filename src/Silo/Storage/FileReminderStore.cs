using Orleans.Embedded;

namespace OrleansCluster.Silo.Storage;

/// <summary>Reminders in files of a home folder, one each.</summary>
internal sealed class FileReminderStore(string folder) : IReminderStore
{
    public Task<IReadOnlyList<StoredReminder>> ReadAllAsync(CancellationToken cancellationToken) => Task.Run(
        () =>
        {
            var reminders = new List<StoredReminder>();
            foreach (string path in Directory.EnumerateFiles(folder, "*.state"))
            {
                if (RecordFile.Read<ReminderRecord>(path) is var (_, record))
                    reminders.Add(new StoredReminder(GrainId.Parse(record.Grain), record.Name, record.FirstTick, record.Period));
            }

            return (IReadOnlyList<StoredReminder>)reminders;
        },
        cancellationToken);

    public Task UpsertAsync(StoredReminder reminder)
    {
        ArgumentNullException.ThrowIfNull(reminder);
        var record = new ReminderRecord(reminder.GrainId.ToString(), reminder.Name, reminder.FirstTick, reminder.Period);
        return Task.Run(() => RecordFile.Write(PathOf(reminder.GrainId, reminder.Name), "1", record));
    }

    public Task RemoveAsync(GrainId grainId, string name) => Task.Run(() => File.Delete(PathOf(grainId, name)));

    private string PathOf(GrainId grain, string name) => Path.Combine(folder, GrainFileNames.For(grain, name));

    private sealed record ReminderRecord(string Grain, string Name, DateTime FirstTick, TimeSpan Period);
}
