using System.Buffers.Binary;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using OrleansCluster.Training;

namespace OrleansCluster.Client.Http;

/// <summary>
/// How the cluster's own types and rows travel over HTTP, so that .NET programs get the same bits in whatever way they ask. An answer is the type as it travels
/// between silos, a stream of them has the length before each (int32, little-endian) and 0 at its end. What is sent is a JSON document with its length before
/// it, and bytes behind it.
/// </summary>
public static class WireFormat
{
    /// <summary>What all versions of it are called.</summary>
    public const string Family = "application/vnd.orleanscluster.";

    /// <summary>What it is called. Another form has another number.</summary>
    public const string MediaType = Family + "v1";

    /// <summary>The header that says how many seconds who asks waits for the answer.</summary>
    public const string TimeoutHeader = "X-Request-Timeout";

    private static readonly Lazy<Serializer> Codec = new(() => new ServiceCollection()
        .AddSerializer(codecs => codecs.AddAssembly(typeof(ITrainingGrain).Assembly)).BuildServiceProvider().GetRequiredService<Serializer>());

    /// <summary>A value as bytes.</summary>
    public static byte[] Write<T>(T value) => Codec.Value.SerializeToArray(value);

    /// <summary>The value that bytes hold.</summary>
    public static T Read<T>(ReadOnlyMemory<byte> bytes) => Codec.Value.Deserialize<T>(bytes)!;

    /// <summary>A document and bytes behind it.</summary>
    public static byte[] Join<T>(T document, JsonTypeInfo<T> type, params ReadOnlySpan<ReadOnlyMemory<byte>> parts)
    {
        byte[] head = JsonSerializer.SerializeToUtf8Bytes(document, type);
        int length = sizeof(int) + head.Length;
        foreach (ReadOnlyMemory<byte> part in parts)
            length += part.Length;
        var body = new byte[length];
        BinaryPrimitives.WriteInt32LittleEndian(body, head.Length);
        head.CopyTo(body, sizeof(int));
        int at = sizeof(int) + head.Length;
        foreach (ReadOnlyMemory<byte> part in parts)
        {
            part.CopyTo(body.AsMemory(at));
            at += part.Length;
        }

        return body;
    }

    /// <summary>The JSON of a document and the bytes behind it.</summary>
    /// <exception cref="ClusteringException">There is no whole document.</exception>
    public static (ReadOnlyMemory<byte> Document, ReadOnlyMemory<byte> Behind) Split(ReadOnlyMemory<byte> body)
    {
        int length = body.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32LittleEndian(body.Span);
        return length >= 0 && length <= body.Length - sizeof(int)
            ? (body.Slice(sizeof(int), length), body[(sizeof(int) + length)..])
            : throw new ClusteringException($"The body has {body.Length} bytes, which are no document with its length (int32, little-endian) before it.");
    }
}
