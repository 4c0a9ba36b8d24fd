using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Randomness;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.KMeans.Start;

/// <summary>
/// k-means‖: one row by weight, then three rounds in which every row takes part with probability min(1, ℓ·w·D / φ), ℓ = max(2k, 64). The candidates, ordered by
/// round and row id and weighted by the rows nearest to them, are reduced to k by k-means++ and Lloyd's iterations among themselves, the best of up to 24 attempts.
/// Should there be too few, k-means++ goes on from them over the rows.
/// </summary>
/// <remarks>Source: Bahmani, Moseley, Vattani, Kumar, Vassilvitskii, "Scalable k-means++", VLDB 2012.</remarks>
/// <param name="context">What is trained.</param>
/// <param name="cluster">Clusters the candidates.</param>
internal sealed class ParallelStart(StartContext context, ICandidateClustering cluster) : StartMethod
{
    private const int Rounds = 3;

    // A pass costs little less for a handful of candidates, and of a handful many a cluster has none.
    private const int LeastOversampling = 64;

    private Stage stage = Stage.First;
    private int round;
    private double potential;
    private double[] candidates = [];
    private PlusPlusStart? topUp;

    private enum Stage : byte
    {
        First = 1,
        Potential = 2,
        Sample = 3,
        Weigh = 4,
        TopUp = 5,
    }

    public override double[] Centroids => topUp?.Centroids ?? [];

    public override KMeansStep? Next => stage switch
    {
        Stage.First => new RaceStep(context.Frame, [], 1, context.Draws(Purpose.ParallelFirst, 0)),
        Stage.Potential => new PotentialStep(context.Frame, context.Unit, candidates, []),
        Stage.Sample => new SampleStep(
            context.Frame, candidates, Math.Max(2.0 * context.K, LeastOversampling), potential, context.Draws(Purpose.ParallelRound, round)),
        Stage.Weigh => new WeighStep(context.Frame, candidates),
        _ => topUp!.Next,
    };

    public override void Advance(Statistic statistic, IParallel parallel)
    {
        switch (stage)
        {
            case Stage.First:
                candidates = statistic.As<RowSelection>().Rows[0].Values;
                stage = context.K == 1 ? Stage.Weigh : Stage.Potential;
                break;
            case Stage.Potential:
                potential = FixedPoint.ToDouble(statistic.As<ExactTotals>().Values[0], context.Unit);
                // Nothing left: every row lies on a candidate.
                stage = potential > 0 ? Stage.Sample : Stage.Weigh;
                break;
            case Stage.Sample:
                candidates = [.. candidates, .. Values(statistic.As<RowSelection>().Rows)];
                stage = ++round < Rounds ? Stage.Potential : Stage.Weigh;
                break;
            case Stage.Weigh:
                topUp = new PlusPlusStart(context, Reduce(statistic.As<ExactTotals>().Values, parallel));
                stage = Stage.TopUp;
                candidates = [];
                break;
            default:
                topUp!.Advance(statistic, parallel);
                break;
        }
    }

    public override void Write(ByteWriter writer)
    {
        writer.Byte((byte)stage);
        writer.Int32(round);
        writer.Double(potential);
        writer.Doubles(candidates);
        topUp?.Write(writer);
    }

    public static ParallelStart Read(StartContext context, ICandidateClustering cluster, ByteReader reader)
    {
        var start = new ParallelStart(context, cluster)
        {
            stage = (Stage)reader.Byte(),
            round = reader.Int32(),
            potential = reader.Double(),
            candidates = reader.Doubles(),
        };
        if (start.stage == Stage.TopUp)
            start.topUp = PlusPlusStart.Read(context, reader);
        return start;
    }

    /// <summary>At most k centres from the candidates; all of them when there are no more. One that no row is nearest to is a copy of another.</summary>
    private double[] Reduce(Int128[] units, IParallel parallel)
    {
        int d = context.Columns;
        int[] used = [.. Enumerable.Range(0, units.Length).Where(i => units[i] > 0)];
        double[] values = [.. used.SelectMany(i => candidates[(i * d)..((i + 1) * d)])];
        if (used.Length <= context.K)
            return values;
        double[] weights = [.. used.Select(i => context.Frame.WeightOf(units[i]))];
        return cluster.Cluster(values, d, weights, context.K, context.Draws(Purpose.ParallelReduce, 0).Bits(0), parallel);
    }
}
