using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.Randomness;

namespace OrleansCluster.Numerics.KMeans.Steps;

/// <summary>How the parts that several steps carry are written.</summary>
internal static class Encodings
{
    public static void Frame(this ByteWriter writer, ColumnFrame frame)
    {
        writer.Doubles(frame.Origins);
        writer.Int32s(frame.RangeExponents);
        writer.Int32(frame.WeightExponent);
    }

    public static ColumnFrame Frame(this ByteReader reader)
        => ColumnFrame.FromParts(reader.Doubles(), reader.Int32s(), reader.Int32());

    public static void Draws(this ByteWriter writer, Draws draws)
    {
        writer.Int64((long)draws.Seed);
        writer.Byte((byte)draws.Purpose);
        writer.Int32(draws.Restart);
        writer.Int32(draws.Round);
    }

    public static Draws Draws(this ByteReader reader)
        => new((ulong)reader.Int64(), (Purpose)reader.Byte(), reader.Int32(), reader.Int32());
}
