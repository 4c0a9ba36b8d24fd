using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Numerics.Profiles;

/// <summary>The step whose statistic is a <see cref="RowProfile"/>.</summary>
/// <param name="Frame">What is counted by.</param>
/// <param name="Parameters">The model, as it lies in the blob store.</param>
public sealed record ProfileStep(ProfileFrame Frame, ReadOnlyMemory<byte> Parameters)
{
    private const string Magic = "OCPR";
    private const byte Version = 1;

    public EncodedStep Encode() => new(this, writer =>
    {
        writer.Header(Magic, Version);
        Frame.Write(writer);
        writer.Bytes(Parameters.Span);
    });

    /// <exception cref="InvalidDataException">The bytes are no such step, or damaged.</exception>
    public static ProfileStep Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        reader.Header(Magic, Version);
        var step = new ProfileStep(ProfileFrame.Read(reader), reader.Bytes());
        reader.End();
        return step;
    }
}
