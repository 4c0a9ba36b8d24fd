using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using OrleansCluster.Families;
using OrleansCluster.Json;
using OrleansCluster.Monitoring;

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
    public static IGrainStorageSerializer Wire(IServiceProvider services) =>
        new Measured(ActivatorUtilities.CreateInstance<OrleansGrainStorageSerializer>(services));

    internal StoredRecord Encode<T>(string etag, T state) => new(etag, RecordFormat.Wire, wire.Serialize(state).ToMemory());

    internal T Decode<T>(string path, StoredRecord record) => RecordFile.Decode(path, () => record.Format == RecordFormat.Json
        ? JsonSerializer.Deserialize<T>(record.Content.Span, _json ??= RecordFile.Options(new RequestJson(families)))
        : wire.Deserialize<T>(BinaryData.FromBytes(record.Content)));

    /// <summary>Tells how large state is that is written.</summary>
    private sealed class Measured(IGrainStorageSerializer wire) : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input)
        {
            BinaryData bytes = wire.Serialize(input);
            ClusterTelemetry.StateTakes(typeof(T).Name, bytes.ToMemory().Length);
            return bytes;
        }

        public T? Deserialize<T>(BinaryData input) => wire.Deserialize<T>(input);
    }
}
