using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Numerics.Profiles;

/// <summary>The step whose statistic is a <see cref="RowProfile"/>.</summary>
/// <param name="Frame">What is counted by.</param>
/// <param name="Parameters">The model, as it lies in the blob store.</param>
/// <param name="Columns">The columns that the frame is of, ascending; empty: all.</param>
public sealed record ProfileStep(ProfileFrame Frame, ReadOnlyMemory<byte> Parameters, int[] Columns)
{
    private const string Magic = "OCPR";
    private const byte Version = 2;

    public EncodedStep Encode() => new(this, writer =>
    {
        writer.Header(Magic, Version);
        Frame.Write(writer);
        writer.Bytes(Parameters.Span);
        writer.Int32s(Columns);
    });

    /// <exception cref="InvalidDataException">The bytes are no such step, or damaged.</exception>
    public static ProfileStep Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        byte version = reader.Header(Magic, Version);
        var step = new ProfileStep(ProfileFrame.Read(reader), reader.Bytes(), version == 1 ? [] : reader.Int32s());
        reader.End();
        return step;
    }
}
