using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Numerics.KMeans.Steps;

/// <summary>How rows lie around the centres nearest to them: <c>Dispersions</c>.</summary>
/// <param name="Columns">Number of columns.</param>
/// <param name="Centroids">k × d.</param>
internal sealed record DispersionStep(int Columns, double[] Centroids) : KMeansStep
{
    private protected override Kind Tag => Kind.Dispersions;

    private protected override void Write(ByteWriter writer)
    {
        writer.Int32(Columns);
        writer.Doubles(Centroids);
    }

    public static DispersionStep Read(ByteReader reader) => new(reader.Int32(), reader.Doubles());
}
