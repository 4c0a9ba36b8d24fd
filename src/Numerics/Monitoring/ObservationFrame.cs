using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Numerics.Monitoring;

/// <summary>What observed rows are counted by.</summary>
/// <param name="Columns">Bins of each column of the rows, as they came.</param>
/// <param name="Scores">Bins of each score.</param>
/// <param name="K">Number of clusters.</param>
/// <param name="FarScore">The score that says how far a row is from every cluster; −1: none does.</param>
/// <param name="FarBeyond">A row is far above this value of that score.</param>
/// <param name="FarIsLess">Whether a row is far at this value and below it instead: of a density.</param>
public sealed record ObservationFrame(ValueBins[] Columns, ValueBins[] Scores, int K, int FarScore = -1, double FarBeyond = 0, bool FarIsLess = false)
{
    private const string Magic = "OCOF";
    private const byte Version = 1;

    /// <summary>Whether a row with these scores is far from every cluster.</summary>
    public bool IsFar(ReadOnlySpan<double> scores) => FarScore >= 0 && (FarIsLess ? scores[FarScore] <= FarBeyond : scores[FarScore] > FarBeyond);

    /// <summary><c>OCOF</c>, version, bins; little-endian.</summary>
    public EncodedStep Encode() => new(this, writer =>
    {
        writer.Header(Magic, Version);
        foreach (ValueBins[] bins in (ReadOnlySpan<ValueBins[]>)[Columns, Scores])
        {
            writer.Int32(bins.Length);
            foreach (ValueBins one in bins)
                one.Write(writer);
        }

        writer.Int32(K);
        writer.Int32(FarScore);
        writer.Double(FarBeyond);
        writer.Boolean(FarIsLess);
    });

    /// <exception cref="InvalidDataException">The bytes are no frame, or damaged.</exception>
    public static ObservationFrame Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        reader.Header(Magic, Version);
        var frame = new ObservationFrame(Bins(reader), Bins(reader), reader.Int32(), reader.Int32(), reader.Double(), reader.Boolean());
        reader.End();
        return frame;
    }

    /// <summary>Whether bytes begin as those of a frame do.</summary>
    public static bool Owns(ReadOnlySpan<byte> bytes) => bytes.StartsWith("OCOF"u8);

    private static ValueBins[] Bins(ByteReader reader)
    {
        var bins = new ValueBins[reader.Length(9)];
        for (int i = 0; i < bins.Length; i++)
            bins[i] = ValueBins.Read(reader);
        return bins;
    }
}
