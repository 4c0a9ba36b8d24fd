using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using OrleansCluster.Families;
using OrleansCluster.Json;

namespace OrleansCluster.Silo.Storage;

/// <summary>
/// Grain state as bytes, the same in a home and in a cluster's storage: the encoding of the wire. What a later build adds to it, an earlier one passes over.
/// State that earlier builds wrote to a home as JSON is read.
/// </summary>
/// <param name="wire">The encoding.</param>
/// <param name="families">Whose options requests have.</param>
public sealed class StateEncoding(IGrainStorageSerializer wire, FamilyRegistry families)
{
    private JsonSerializerOptions? _json;

    /// <summary>The encoding that a silo's services make.</summary>
    public static StateEncoding Of(IServiceProvider services) => new(Wire(services), services.GetRequiredService<FamilyRegistry>());

    /// <summary>The encoding of the wire, for a provider of storage.</summary>
    public static IGrainStorageSerializer Wire(IServiceProvider services) => ActivatorUtilities.CreateInstance<OrleansGrainStorageSerializer>(services);

    internal StoredRecord Encode<T>(string etag, T state) => new(etag, RecordFormat.Wire, wire.Serialize(state).ToMemory());

    internal T Decode<T>(string path, StoredRecord record) => RecordFile.Decode(path, () => record.Format == RecordFormat.Json
        ? JsonSerializer.Deserialize<T>(record.Content.Span, _json ??= RecordFile.Options(new RequestJson(families)))
        : wire.Deserialize<T>(BinaryData.FromBytes(record.Content)));
}
