using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Numerics.Profiles;

/// <summary>The step whose statistic is <see cref="ColumnSpreads"/>.</summary>
public sealed record SpreadStep
{
    private const string Magic = "OCSP";
    private const byte Version = 1;

    public EncodedStep Encode() => new(this, writer => writer.Header(Magic, Version));

    /// <exception cref="InvalidDataException">The bytes are no such step.</exception>
    public static SpreadStep Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        reader.Header(Magic, Version);
        reader.End();
        return new SpreadStep();
    }

    /// <summary>Whether bytes begin as those of this step do.</summary>
    public static bool Owns(ReadOnlySpan<byte> bytes) => bytes.StartsWith("OCSP"u8);
}
