using System.Globalization;
using System.Text.Json;
using Orleans.Storage;
using OrleansCluster.Families;
using OrleansCluster.Json;

namespace OrleansCluster.Silo.Storage;

/// <summary>
/// Grain state in files of a home folder, one for each grain and state. ETags count writes. A write compares and replaces under a lock: of this
/// process when the home has one owner (share one instance among its silos), and of the operating system besides when several processes share it.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="shared">Whether other processes use the folder at the same time.</param>
/// <param name="families">Whose options requests have; null: those that are built in.</param>
public sealed class FileGrainStorage(string folder, bool shared = false, FamilyRegistry? families = null) : IGrainStorage
{
    private static readonly TimeSpan LongestWaitForLock = TimeSpan.FromSeconds(10);

    private readonly JsonSerializerOptions _json = RecordFile.Options(new RequestJson(families ?? FamilyRegistry.Standard));
    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        return Exclusively(stateName, grainId, path =>
        {
            (string ETag, T Record)? stored = RecordFile.Read<T>(path, _json);
            grainState.State = stored is { } found ? found.Record : Activator.CreateInstance<T>();
            grainState.ETag = stored?.ETag;
            grainState.RecordExists = stored is not null;
        });
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        return Exclusively(stateName, grainId, path =>
        {
            string? stored = CheckETag(path, grainId, grainState.ETag);
            long writes = stored is null ? 0 : long.Parse(stored, CultureInfo.InvariantCulture);
            string etag = (writes + 1).ToString(CultureInfo.InvariantCulture);
            RecordFile.Write(path, etag, grainState.State, _json);
            grainState.ETag = etag;
            grainState.RecordExists = true;
        });
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        return Exclusively(stateName, grainId, path =>
        {
            CheckETag(path, grainId, grainState.ETag);
            File.Delete(path);
            grainState.State = Activator.CreateInstance<T>();
            grainState.ETag = null;
            grainState.RecordExists = false;
        });
    }

    private static string? CheckETag(string path, GrainId grain, string? expected)
    {
        string? stored = RecordFile.ReadETag(path);
        return stored == expected
            ? stored
            : throw new InconsistentStateException($"The state of {grain} was changed by somebody else meanwhile.", stored, expected);
    }

    private async Task Exclusively(string stateName, GrainId grain, Action<string> action)
    {
        string path = Path.Combine(folder, stateName, GrainFileNames.For(grain, ""));
        // The name ends in a hash, and every process must come to the same lock.
        int slot = GrainFileNames.Slot(path, _locks.Length);
        SemaphoreSlim gate = _locks[slot];
        await gate.WaitAsync().ConfigureAwait(false);
        try
        {
            // Files are flushed to the disk, which must not hold up a grain's scheduler.
            await Task.Run(async () =>
            {
                using FileStream? held = shared ? await TakeLock(slot).ConfigureAwait(false) : null;
                action(path);
            }).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    private async Task<FileStream> TakeLock(int slot)
    {
        string locks = Path.Combine(folder, "locks");
        Directory.CreateDirectory(locks);
        string path = Path.Combine(locks, string.Create(CultureInfo.InvariantCulture, $"{slot:d2}.lock"));
        long begin = Environment.TickCount64;
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (Environment.TickCount64 - begin < LongestWaitForLock.TotalMilliseconds)
            {
                await Task.Delay(2).ConfigureAwait(false);
            }
        }
    }
}
