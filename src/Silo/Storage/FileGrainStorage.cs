using System.Globalization;
using Orleans.Storage;

namespace OrleansCluster.Silo.Storage;

/// <summary>Grain state in the files of a home. ETags count writes; a write compares and replaces in one step.</summary>
/// <param name="files">The files.</param>
/// <param name="encoding">What is in them.</param>
public sealed class FileGrainStorage(StateFiles files, StateEncoding encoding) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        return files.Exclusively(stateName, grainId, path =>
        {
            StoredRecord? stored = RecordFile.Read(path);
            grainState.State = stored is { } found ? encoding.Decode<T>(path, found) : Activator.CreateInstance<T>();
            grainState.ETag = stored?.ETag;
            grainState.RecordExists = stored is not null;
        });
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        return files.Exclusively(stateName, grainId, path =>
        {
            string? stored = CheckETag(path, grainId, grainState.ETag);
            long writes = stored is null ? 0 : long.Parse(stored, CultureInfo.InvariantCulture);
            string etag = (writes + 1).ToString(CultureInfo.InvariantCulture);
            RecordFile.Write(path, encoding.Encode(etag, grainState.State));
            grainState.ETag = etag;
            grainState.RecordExists = true;
        });
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        ArgumentNullException.ThrowIfNull(grainState);
        return files.Exclusively(stateName, grainId, path =>
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
        string? stored = RecordFile.Read(path)?.ETag;
        return stored == expected
            ? stored
            : throw new InconsistentStateException($"The state of {grain} was changed by somebody else meanwhile.", stored, expected);
    }
}
