using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.Randomness;

namespace OrleansCluster.Numerics.KMeans.Steps;

/// <summary>Draws rows without replacement in proportion to w·D (to w when there are no centres yet): a <c>RowSelection</c> ranked by arrival.</summary>
/// <param name="Frame">Says which weights count.</param>
/// <param name="Centroids">The centres so far, c × d; may be empty.</param>
/// <param name="Count">How many rows are wanted.</param>
/// <param name="Draws">Names the random numbers.</param>
internal sealed record RaceStep(ColumnFrame Frame, double[] Centroids, int Count, Draws Draws) : KMeansStep
{
    private protected override Kind Tag => Kind.Race;

    private protected override void Write(ByteWriter writer)
    {
        writer.Frame(Frame);
        writer.Doubles(Centroids);
        writer.Int32(Count);
        writer.Draws(Draws);
    }

    public static RaceStep Read(ByteReader reader) => new(reader.Frame(), reader.Doubles(), reader.Int32(), reader.Draws());
}

/// <summary>The potential Σ w·D that each candidate would leave if it joined the centres; without candidates that of the centres alone: totals.</summary>
/// <param name="Frame">Says which weights count.</param>
/// <param name="Unit">Exponent of the grid of w·D.</param>
/// <param name="Centroids">The centres so far, c × d, at least one.</param>
/// <param name="Candidates">t × d; may be empty.</param>
internal sealed record PotentialStep(ColumnFrame Frame, int Unit, double[] Centroids, double[] Candidates) : KMeansStep
{
    private protected override Kind Tag => Kind.Potential;

    private protected override void Write(ByteWriter writer)
    {
        writer.Frame(Frame);
        writer.Int32(Unit);
        writer.Doubles(Centroids);
        writer.Doubles(Candidates);
    }

    public static PotentialStep Read(ByteReader reader) => new(reader.Frame(), reader.Int32(), reader.Doubles(), reader.Doubles());
}

/// <summary>A round of k-means‖: every row takes part with probability min(1, ℓ·w·D / φ): a <c>RowSelection</c> in order of row ids.</summary>
/// <param name="Frame">Says which weights count.</param>
/// <param name="Centroids">The candidates so far, c × d, at least one.</param>
/// <param name="Oversampling">ℓ: how many rows are expected to take part.</param>
/// <param name="Potential">φ.</param>
/// <param name="Draws">Names the random numbers.</param>
internal sealed record SampleStep(ColumnFrame Frame, double[] Centroids, double Oversampling, double Potential, Draws Draws) : KMeansStep
{
    private protected override Kind Tag => Kind.Sample;

    private protected override void Write(ByteWriter writer)
    {
        writer.Frame(Frame);
        writer.Doubles(Centroids);
        writer.Double(Oversampling);
        writer.Double(Potential);
        writer.Draws(Draws);
    }

    public static SampleStep Read(ByteReader reader)
        => new(reader.Frame(), reader.Doubles(), reader.Double(), reader.Double(), reader.Draws());
}

/// <summary>The weight of the rows nearest to each candidate: totals.</summary>
/// <param name="Frame">The grid of the weights.</param>
/// <param name="Centroids">c × d, at least one.</param>
internal sealed record WeighStep(ColumnFrame Frame, double[] Centroids) : KMeansStep
{
    private protected override Kind Tag => Kind.Weigh;

    private protected override void Write(ByteWriter writer)
    {
        writer.Frame(Frame);
        writer.Doubles(Centroids);
    }

    public static WeighStep Read(ByteReader reader) => new(reader.Frame(), reader.Doubles());
}
