using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>Keeps records in memory, for tests and for state that need not outlive the process. Records are kept as JSON, so that what a grain changes after a write is not stored.</summary>
internal sealed class MemoryGrainStorage : IGrainStorage
{
    private static readonly JsonSerializerOptions s_json = new() { IncludeFields = true };
    private readonly ConcurrentDictionary<(string, GrainId), Record> _records = new();
    private long _lastEtag;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var found = _records.TryGetValue((stateName, grainId), out var record);
        grainState.State = found ? JsonSerializer.Deserialize<T>(record!.Json, s_json) : default;
        grainState.ETag = record?.Etag;
        grainState.RecordExists = found;
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = (stateName, grainId);
        var written = new Record(JsonSerializer.SerializeToUtf8Bytes(grainState.State, s_json),
            Interlocked.Increment(ref _lastEtag).ToString(CultureInfo.InvariantCulture));
        var stored = _records.GetValueOrDefault(key);
        if (stored?.Etag != grainState.ETag || !(stored is null ? _records.TryAdd(key, written) : _records.TryUpdate(key, written, stored)))
            throw Conflict(key, grainState.ETag, "write");
        grainState.ETag = written.Etag;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = (stateName, grainId);
        var stored = _records.GetValueOrDefault(key);
        if (stored?.Etag != grainState.ETag || (stored is not null && !_records.TryRemove(new KeyValuePair<(string, GrainId), Record>(key, stored))))
            throw Conflict(key, grainState.ETag, "clear");
        grainState.State = default;
        grainState.ETag = null;
        grainState.RecordExists = false;
        return Task.CompletedTask;
    }

    private InconsistentStateException Conflict((string Name, GrainId Grain) key, string? expected, string operation)
    {
        var stored = _records.GetValueOrDefault(key)?.Etag;
        return new InconsistentStateException(
            $"Could not {operation} the state '{key.Name}' of {key.Grain}: it is at version {stored ?? "none"}, not {expected ?? "none"}.", stored, expected);
    }

    private sealed record Record(byte[] Json, string Etag);
}
