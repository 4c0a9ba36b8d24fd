using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Exact;

namespace OrleansCluster.Numerics.KMeans.Steps;

/// <summary>
/// What every shard computes next. A step carries all it needs: with a shard's rows, its bytes determine the answer,
/// so that it may run twice, anywhere, late or never.
/// </summary>
internal abstract record KMeansStep
{
    private const string Magic = "OCKS";
    private const byte Version = 1;

    private protected enum Kind : byte
    {
        Ranges = 1,
        Moments = 2,
        Race = 3,
        Potential = 4,
        Sample = 5,
        Weigh = 6,
        Lloyd = 7,
        Farthest = 8,
        Final = 9,
        Dispersions = 10,
    }

    private object? _shared;

    private protected abstract Kind Tag { get; }

    private protected abstract void Write(ByteWriter writer);

    /// <summary>This step, to be named and sent. Whoever computes it here reads its arrays, which nobody changes from now on.</summary>
    public EncodedStep Encode() => new(this, writer =>
    {
        writer.Header(Magic, Version);
        writer.Byte((byte)Tag);
        Write(writer);
    });

    /// <summary>What all who compute this step here share, beside the step: what the first of them brought.</summary>
    /// <param name="mine">What the caller would share.</param>
    public T Shared<T>(T mine)
        where T : class
        => Interlocked.CompareExchange(ref _shared, mine, null) as T ?? mine;

    /// <exception cref="InvalidDataException">The bytes are no step of k-means, or damaged.</exception>
    public static KMeansStep Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        reader.Header(Magic, Version);
        var kind = (Kind)reader.Byte();
        KMeansStep step = kind switch
        {
            Kind.Ranges => RangesStep.Read(reader),
            Kind.Moments => MomentsStep.Read(reader),
            Kind.Race => RaceStep.Read(reader),
            Kind.Potential => PotentialStep.Read(reader),
            Kind.Sample => SampleStep.Read(reader),
            Kind.Weigh => WeighStep.Read(reader),
            Kind.Lloyd => LloydStep.Read(reader),
            Kind.Farthest => FarthestStep.Read(reader),
            Kind.Final => FinalStep.Read(reader),
            Kind.Dispersions => DispersionStep.Read(reader),
            _ => throw new InvalidDataException($"There is no k-means step of kind {(byte)kind}."),
        };
        reader.End();
        return step;
    }
}

/// <summary>Column ranges, row counts and greatest weights: <c>Ranges</c>.</summary>
internal sealed record RangesStep(int Columns) : KMeansStep
{
    private protected override Kind Tag => Kind.Ranges;

    private protected override void Write(ByteWriter writer) => writer.Int32(Columns);

    public static RangesStep Read(ByteReader reader) => new(reader.Int32());
}

/// <summary>Total weight, sums and sums of squares of the columns: see <see cref="Moments"/>.</summary>
internal sealed record MomentsStep(ColumnFrame Frame) : KMeansStep
{
    private protected override Kind Tag => Kind.Moments;

    private protected override void Write(ByteWriter writer) => writer.Frame(Frame);

    public static MomentsStep Read(ByteReader reader) => new(reader.Frame());
}

/// <summary>One iteration: assigns to <see cref="Current"/>, sums clusters: see <see cref="ClusterTotals"/>.</summary>
/// <param name="Frame">The grid of the sums.</param>
/// <param name="Current">k × d.</param>
/// <param name="Previous">k × d centres that moved rows are counted against; null: all rows moved.</param>
/// <param name="Plain">Without acceleration.</param>
internal sealed record LloydStep(ColumnFrame Frame, double[] Current, double[]? Previous, bool Plain) : KMeansStep
{
    private protected override Kind Tag => Kind.Lloyd;

    private protected override void Write(ByteWriter writer)
    {
        writer.Frame(Frame);
        writer.Doubles(Current);
        writer.Boolean(Previous is not null);
        if (Previous is not null)
            writer.Doubles(Previous);
        writer.Boolean(Plain);
    }

    public static LloydStep Read(ByteReader reader)
        => new(reader.Frame(), reader.Doubles(), reader.Boolean() ? reader.Doubles() : null, reader.Boolean());
}

/// <summary>The rows that are farthest from their centre, for empty clusters: a <c>RowSelection</c> ranked by −D.</summary>
/// <param name="Frame">The grid of the sums.</param>
/// <param name="Centroids">k × d.</param>
/// <param name="Count">How many rows are wanted.</param>
internal sealed record FarthestStep(ColumnFrame Frame, double[] Centroids, int Count) : KMeansStep
{
    private protected override Kind Tag => Kind.Farthest;

    private protected override void Write(ByteWriter writer)
    {
        writer.Frame(Frame);
        writer.Doubles(Centroids);
        writer.Int32(Count);
    }

    public static FarthestStep Read(ByteReader reader) => new(reader.Frame(), reader.Doubles(), reader.Int32());
}

/// <summary>Rows, weight and Σ w·D of each cluster: totals [rows k | weights k | dispersions k].</summary>
/// <param name="Frame">The grid of the weights.</param>
/// <param name="Unit">Exponent of the grid of w·D.</param>
/// <param name="Centroids">k × d.</param>
internal sealed record FinalStep(ColumnFrame Frame, int Unit, double[] Centroids) : KMeansStep
{
    private protected override Kind Tag => Kind.Final;

    private protected override void Write(ByteWriter writer)
    {
        writer.Frame(Frame);
        writer.Int32(Unit);
        writer.Doubles(Centroids);
    }

    public static FinalStep Read(ByteReader reader) => new(reader.Frame(), reader.Int32(), reader.Doubles());
}
