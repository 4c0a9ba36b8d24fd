using System.Globalization;
using Orleans.Storage;

namespace OrleansCluster.Silo.Storage;

/// <summary>
/// Grain state in files of a home folder, one for each grain and state. ETags count writes. The home has one owner, so a write compares and
/// replaces under a lock of this process; share one instance among silos of one process.
/// </summary>
public sealed class FileGrainStorage(string folder) : IGrainStorage
{
    private readonly SemaphoreSlim[] _locks = [.. Enumerable.Range(0, 64).Select(_ => new SemaphoreSlim(1))];

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        return Exclusively(stateName, grainId, path =>
        {
            (string ETag, T Record)? stored = RecordFile.Read<T>(path);
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
            RecordFile.Write(path, etag, grainState.State);
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
        SemaphoreSlim gate = _locks[(uint)path.GetHashCode(StringComparison.Ordinal) % _locks.Length];
        await gate.WaitAsync().ConfigureAwait(false);
        try
        {
            // Files are flushed to the disk, which must not hold up a grain's scheduler.
            await Task.Run(() => action(path)).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }
}
