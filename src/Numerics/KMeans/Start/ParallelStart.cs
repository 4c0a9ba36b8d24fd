using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Exact;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Randomness;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.KMeans.Start;

/// <summary>
/// k-means‖: one row by weight, then three rounds in which every row takes part with probability min(1, ℓ·w·D / φ), ℓ = max(2k, 64). The candidates, ordered by
/// round and row id and weighted by the rows nearest to them, are reduced to k by k-means++ and Lloyd's iterations among themselves, the best of up to 24
/// attempts. Should there be too few, k-means++ goes on from them over the rows.
/// </summary>
/// <remarks>Source: Bahmani, Moseley, Vattani, Kumar, Vassilvitskii, "Scalable k-means++", VLDB 2012.</remarks>
/// <param name="context">What is trained.</param>
/// <param name="cluster">Clusters the candidates.</param>
internal sealed class ParallelStart(StartContext context, ICandidateClustering cluster) : StartMethod
{
    private const int Rounds = 3;

    // A pass costs little less for a handful of candidates, and of a handful many a cluster has none.
    private const int LeastOversampling = 64;

    private Stage _stage = Stage.First;
    private int _round;
    private double _potential;
    private double[] _candidates = [];
    private PlusPlusStart? _topUp;

    private enum Stage : byte
    {
        First = 1,
        Potential = 2,
        Sample = 3,
        Weigh = 4,
        TopUp = 5,
    }

    public override double[] Centroids => _topUp?.Centroids ?? [];

    public override KMeansStep? Next => _stage switch
    {
        Stage.First => new RaceStep(context.Frame, [], 1, context.Draws(Purpose.ParallelFirst, 0)),
        Stage.Potential => new PotentialStep(context.Frame, context.Unit, _candidates, []),
        Stage.Sample => new SampleStep(
            context.Frame, _candidates, Math.Max(2.0 * context.K, LeastOversampling), _potential, context.Draws(Purpose.ParallelRound, _round)),
        Stage.Weigh => new WeighStep(context.Frame, _candidates),
        _ => _topUp!.Next,
    };

    public override void Advance(Statistic statistic, IParallel parallel)
    {
        switch (_stage)
        {
            case Stage.First:
                _candidates = statistic.As<RowSelection>().Rows[0].Values;
                _stage = context.K == 1 ? Stage.Weigh : Stage.Potential;
                break;
            case Stage.Potential:
                _potential = FixedPoint.ToDouble(statistic.As<ExactTotals>().Values[0], context.Unit);
                // Nothing left: every row lies on a candidate.
                _stage = _potential > 0 ? Stage.Sample : Stage.Weigh;
                break;
            case Stage.Sample:
                _candidates = [.. _candidates, .. Values(statistic.As<RowSelection>().Rows)];
                _stage = ++_round < Rounds ? Stage.Potential : Stage.Weigh;
                break;
            case Stage.Weigh:
                _topUp = new PlusPlusStart(context, Reduce(statistic.As<ExactTotals>().Values, parallel));
                _stage = Stage.TopUp;
                _candidates = [];
                break;
            default:
                _topUp!.Advance(statistic, parallel);
                break;
        }
    }

    public override void Write(ByteWriter writer)
    {
        writer.Byte((byte)_stage);
        writer.Int32(_round);
        writer.Double(_potential);
        writer.Doubles(_candidates);
        _topUp?.Write(writer);
    }

    public static ParallelStart Read(StartContext context, ICandidateClustering cluster, ByteReader reader)
    {
        var start = new ParallelStart(context, cluster)
        {
            _stage = (Stage)reader.Byte(),
            _round = reader.Int32(),
            _potential = reader.Double(),
            _candidates = reader.Doubles(),
        };
        if (start._stage == Stage.TopUp)
            start._topUp = PlusPlusStart.Read(context, reader);
        return start;
    }

    /// <summary>At most k centres from the candidates; all of them when there are no more. One that no row is nearest to is a copy of another.</summary>
    private double[] Reduce(Int128[] units, IParallel parallel)
    {
        int d = context.Columns;
        int[] used = [.. Enumerable.Range(0, units.Length).Where(i => units[i] > 0)];
        double[] values = [.. used.SelectMany(i => _candidates[(i * d)..((i + 1) * d)])];
        if (used.Length <= context.K)
            return values;
        double[] weights = [.. used.Select(i => context.Frame.WeightOf(units[i]))];
        return cluster.Cluster(values, d, weights, context.K, context.Draws(Purpose.ParallelReduce, 0).Bits(0), parallel);
    }
}
