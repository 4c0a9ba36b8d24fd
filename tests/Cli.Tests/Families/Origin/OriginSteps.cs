using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Randomness;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Cli.Tests.Families.Origin;

/// <summary>What a shard computes: rows to start from while there are no centres, sums by nearest centre from then on.</summary>
/// <param name="Seed">Of the draws.</param>
/// <param name="Starts">How many rows to start from.</param>
/// <param name="Model">The centres; null: there are none yet.</param>
internal sealed record OriginStep(ulong Seed, int Starts, OriginModel? Model)
{
    public EncodedStep Encode() => new(this, writer =>
    {
        writer.Header("OCTS", 1);
        writer.Int64((long)Seed);
        writer.Int32(Starts);
        writer.Boolean(Model is not null);
        Model?.Write(writer);
    });

    public static OriginStep Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        reader.Header("OCTS", 1);
        return new OriginStep((ulong)reader.Int64(), reader.Int32(), reader.Boolean() ? OriginModel.Read(reader) : null);
    }
}

/// <summary>For each start the row of least draw: the same in whatever order shards are merged.</summary>
internal sealed class OriginStarts(double[] ranks, double[] values) : Statistic, IStatistic<OriginStarts>
{
    public static byte Kind => 40;

    protected override byte Tag => Kind;

    /// <summary>starts × d, row-major.</summary>
    public double[] Values => values;

    public void Offer(int start, double rank, ReadOnlySpan<double> row)
    {
        if (rank >= ranks[start])
            return;
        ranks[start] = rank;
        row.CopyTo(values.AsSpan(start * row.Length));
    }

    public override void MergeFrom(Statistic following)
    {
        OriginStarts other = following.As<OriginStarts>();
        for (int start = 0, d = ranks.Length == 0 ? 0 : values.Length / ranks.Length; start < ranks.Length; start++)
            Offer(start, other.Ranks[start], other.Values.AsSpan(start * d, d));
    }

    private double[] Ranks => ranks;

    protected override void Write(ByteWriter writer)
    {
        writer.Doubles(ranks);
        writer.Doubles(values);
    }

    public static OriginStarts Read(ByteReader reader) => new(reader.Doubles(), reader.Doubles());
}

/// <summary>Rows, weight, sum and squared distances of each cluster. Sums are added along the fixed tree of shards.</summary>
internal sealed class OriginTotals(double[] rows, double[] weights, double[] sums, double[] squares) : Statistic, IStatistic<OriginTotals>
{
    public static byte Kind => 41;

    protected override byte Tag => Kind;

    public double[] Rows => rows;

    public double[] Weights => weights;

    /// <summary>k × d, row-major.</summary>
    public double[] Sums => sums;

    public double[] Squares => squares;

    public void Take(int cluster, double weight, ReadOnlySpan<double> row, double squared)
    {
        rows[cluster]++;
        weights[cluster] += weight;
        squares[cluster] += weight * squared;
        for (int j = 0; j < row.Length; j++)
            sums[(cluster * row.Length) + j] += weight * row[j];
    }

    public override void MergeFrom(Statistic following)
    {
        OriginTotals other = following.As<OriginTotals>();
        Add(rows, other.Rows);
        Add(weights, other.Weights);
        Add(sums, other.Sums);
        Add(squares, other.Squares);
    }

    protected override void Write(ByteWriter writer)
    {
        writer.Doubles(rows);
        writer.Doubles(weights);
        writer.Doubles(sums);
        writer.Doubles(squares);
    }

    public static OriginTotals Read(ByteReader reader) => new(reader.Doubles(), reader.Doubles(), reader.Doubles(), reader.Doubles());

    private static void Add(double[] to, double[] from)
    {
        for (int i = 0; i < to.Length; i++)
            to[i] += from[i];
    }
}

/// <summary>Computes the steps over the rows of one shard, in their order.</summary>
internal sealed class OriginWorker(RowBlock rows) : IShardWorker
{
    public PooledBytes Execute(EncodedStep step, IParallel parallel, CancellationToken cancellation = default)
    {
        OriginStep asked = step.Content(OriginStep.Decode);
        return (asked.Model is { } model ? (Statistic)Sum(model) : Start(asked)).Encode();
    }

    private OriginTotals Sum(OriginModel model)
    {
        var totals = new OriginTotals(new double[model.K], new double[model.K], new double[model.Centres.Length], new double[model.K]);
        var row = new double[rows.Columns];
        for (int i = 0; i < rows.Rows; i++)
        {
            rows.CopyRow(i, row);
            (int cluster, double squared) = model.Nearest(row);
            totals.Take(cluster, rows.Weights.IsEmpty ? 1 : rows.Weights.Span[i], row, squared);
        }

        return totals;
    }

    private OriginStarts Start(OriginStep step)
    {
        var ranks = new double[step.Starts];
        Array.Fill(ranks, double.PositiveInfinity);
        var starts = new OriginStarts(ranks, new double[step.Starts * rows.Columns]);
        var row = new double[rows.Columns];
        for (int i = 0; i < rows.Rows; i++)
        {
            rows.CopyRow(i, row);
            for (int start = 0; start < step.Starts; start++)
                starts.Offer(start, new Draws(step.Seed, Purpose.RandomStart, 0, start).Uniform(rows.FirstRow + i), row);
        }

        return starts;
    }
}
