using System.Collections.Immutable;
using System.Security.Cryptography;
using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>
/// A step over prepared rows: the preparation, the columns of the rows as they lie in shards, and either a pass that a further step of the preparation asks for
/// or a step of the model's training. What it means is one object for all shards of a silo.
/// </summary>
/// <param name="Key">Names the prepared rows: the hash of preparation and columns.</param>
/// <param name="Bound">The preparation over the shards' columns.</param>
/// <param name="Pass">What is asked for while the preparation is fitted; null: <paramref name="Step"/> is.</param>
/// <param name="Step">What is asked for afterwards.</param>
internal sealed record PreparationEnvelope(string Key, BoundPreparation Bound, FitPass? Pass, EncodedStep? Step)
{
    private const string Magic = "OCPE";
    private const byte Version = 1;

    public static bool Is(ReadOnlySpan<byte> bytes) => bytes.StartsWith("OCPE"u8);

    /// <param name="head">What <see cref="Head"/> gave.</param>
    /// <param name="content">The same, as an object.</param>
    public static EncodedStep Encode(byte[] head, PreparationEnvelope content) => new(content, writer =>
    {
        writer.Header(Magic, Version);
        writer.Bytes(head);
        writer.Boolean(content.Pass is not null);
        content.Pass?.Write(writer);
        if (content.Step is not { } step)
            return;
        writer.String(step.Digest);
        writer.Bytes(step.Bytes.Span);
    });

    /// <summary>What all steps over the same prepared rows begin with.</summary>
    public static byte[] Head(FittedPreparation fitted, ImmutableArray<RowColumn> columns)
    {
        var writer = new ByteWriter();
        writer.Bytes(fitted.Encode());
        FittedPreparation.Write(writer, columns);
        return writer.ToArray();
    }

    public static string KeyOf(ReadOnlySpan<byte> head) => Convert.ToHexStringLower(SHA256.HashData(head));

    /// <exception cref="InvalidDataException">The bytes are no step over prepared rows, or damaged.</exception>
    public static PreparationEnvelope Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        reader.Header(Magic, Version);
        byte[] head = reader.Bytes();
        var inner = new ByteReader(head);
        var fitted = FittedPreparation.Decode(inner.Bytes());
        BoundPreparation bound = fitted.Bind(FittedPreparation.ReadColumns(inner));
        inner.End();
        FitPass? pass = reader.Boolean() ? FitPass.Read(reader) : null;
        EncodedStep? step = pass is null ? new EncodedStep(reader.String(), reader.Bytes()) : null;
        reader.End();
        return new PreparationEnvelope(KeyOf(head), bound, pass, step);
    }
}
