using System.Globalization;

namespace OrleansCluster.Silo.Storage;

/// <summary>Reminders in files of a home folder, one each, for the one process that owns the home. ETags count writes.</summary>
internal sealed class FileReminderTable(string folder) : IReminderTable
{
    private readonly Lock _writing = new();

    public Task<ReminderTableData> ReadRows(GrainId grainId) => Read(entry => entry.GrainId == grainId);

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => Read(entry =>
    {
        // The ring: (begin, end], over the top where begin is not below end.
        uint hash = entry.GrainId.GetUniformHashCode();
        return begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;
    });

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => Task.Run(() => ReadFile(PathOf(grainId, reminderName)));

    public Task<string?> UpsertRow(ReminderEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        return Task.Run(() =>
        {
            string path = PathOf(entry.GrainId, entry.ReminderName);
            lock (_writing)
            {
                long writes = RecordFile.Read(path) is { } stored ? long.Parse(stored.ETag, CultureInfo.InvariantCulture) : 0;
                string etag = (writes + 1).ToString(CultureInfo.InvariantCulture);
                RecordFile.WriteJson(path, etag, new ReminderRecord(entry.GrainId.ToString(), entry.ReminderName, entry.StartAt, entry.Period));
                return (string?)etag;
            }
        });
    }

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => Task.Run(() =>
    {
        string path = PathOf(grainId, reminderName);
        lock (_writing)
        {
            if (RecordFile.Read(path) is not { } stored || stored.ETag != eTag)
                return false;
            File.Delete(path);
            return true;
        }
    });

    public Task TestOnlyClearTable() => Task.Run(() =>
    {
        foreach (string path in Files())
            File.Delete(path);
    });

    private Task<ReminderTableData> Read(Func<ReminderEntry, bool> wanted) =>
        Task.Run(() => new ReminderTableData(Files().Select(ReadFile).OfType<ReminderEntry>().Where(wanted).ToList()));

    private string[] Files() => Directory.GetFiles(folder, "*.state");

    private static ReminderEntry? ReadFile(string path) => RecordFile.ReadJson<ReminderRecord>(path) is var (etag, record)
        ? new ReminderEntry
        {
            GrainId = GrainId.Parse(record.Grain),
            ReminderName = record.Name,
            StartAt = record.FirstTick,
            Period = record.Period,
            ETag = etag
        }
        : null;

    private string PathOf(GrainId grain, string name) => Path.Combine(folder, GrainFileNames.For(grain, name));

    private sealed record ReminderRecord(string Grain, string Name, DateTime FirstTick, TimeSpan Period);
}
