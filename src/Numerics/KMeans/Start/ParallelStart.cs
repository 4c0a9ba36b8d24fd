using System.Collections.Concurrent;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.Randomness;
using OrleansCluster.Numerics.Statistics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.KMeans.Start;

/// <summary>
/// k-means‖: one row by weight, then three rounds in which every row takes part with probability min(1, ℓ·w·D / φ), ℓ = max(2k, 64). The candidates, ordered by
/// round and row id and weighted by the rows nearest to them, are reduced to k by k-means++ and Lloyd's iterations among themselves, the best of up to 24 attempts.
/// Should there be too few, k-means++ goes on from them over the rows.
/// </summary>
/// <remarks>Source: Bahmani, Moseley, Vattani, Kumar, Vassilvitskii, "Scalable k-means++", VLDB 2012.</remarks>
/// <param name="context">What is trained.</param>
internal sealed class ParallelStart(StartContext context) : StartMethod
{
    private const int Rounds = 3;

    // A pass costs little less for a handful of candidates, and of a handful many a cluster has none.
    private const int LeastOversampling = 64;
    private const int ReduceIterations = 30;

    // Candidates are few and a good reduction is most of a good start: many attempts, as long as they cost little beside a pass over the rows.
    private const int ReduceAttempts = 24;
    private const double ReduceWork = 1e9;

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
            context.Frame, candidates, Math.Max(2.0 * context.Spec.K, LeastOversampling), potential, context.Draws(Purpose.ParallelRound, round)),
        Stage.Weigh => new WeighStep(context.Frame, candidates),
        _ => topUp!.Next,
    };

    public override void Advance(Statistic statistic, IParallel parallel)
    {
        switch (stage)
        {
            case Stage.First:
                candidates = statistic.As<RowSelection>().Rows[0].Values;
                stage = context.Spec.K == 1 ? Stage.Weigh : Stage.Potential;
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

    public static new ParallelStart Read(StartContext context, ByteReader reader)
    {
        var start = new ParallelStart(context)
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
        if (used.Length <= context.Spec.K)
            return values;
        double[] weights = [.. used.Select(i => context.Frame.WeightOf(units[i]))];
        RowBlock rows = Rows(values, d, weights);
        ulong seed = context.Draws(Purpose.ParallelReduce, 0).Bits(0);
        var attempts = new KMeansResult[Attempts(used.Length)];
        KMeansSurvey survey = Survey(rows, parallel);
        var workers = new ConcurrentBag<KMeansShardWorker>();
        // Attempts are the restarts of one training, side by side; a single one is large enough to be cut up.
        if (attempts.Length == 1)
            Attempt(0, parallel);
        else
            parallel.For(attempts.Length, attempt => Attempt(attempt, Sequential.Instance));
        // The first of equal ones.
        return attempts.MinBy(attempt => attempt.Objective)!.Model.Centroids;

        void Attempt(int attempt, IParallel within)
        {
            // What a worker keeps changes time, never bits.
            if (!workers.TryTake(out KMeansShardWorker? worker))
                worker = new KMeansShardWorker(rows);
            KMeansSpec spec = KMeansSpec.Create(
                context.Spec.K, "k-means++", restarts: attempt + 1, maxIterations: ReduceIterations, tolerance: 0, seed: seed);
            var trainer = new KMeansTrainer(spec, d, survey, attempt);
            Run(trainer, worker, within);
            workers.Add(worker);
            attempts[attempt] = trainer.Result!;
        }
    }

    /// <summary>As float32 where the dataset's rows were: they are the same numbers, and its kernels are at hand.</summary>
    private static RowBlock Rows(double[] values, int columns, double[] weights)
    {
        var singles = new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            singles[i] = (float)values[i];
            if (singles[i] != values[i])
                return new RowBlock(values, columns, weights);
        }

        return new RowBlock(singles, columns, weights);
    }

    private KMeansSurvey Survey(RowBlock rows, IParallel parallel)
    {
        var trainer = new KMeansTrainer(KMeansSpec.Create(context.Spec.K, "k-means++"), context.Columns);
        var worker = new KMeansShardWorker(rows);
        while (trainer.Survey is null)
            trainer.Advance(worker.Compute(trainer.NextUnencoded!, parallel), parallel);
        return trainer.Survey;
    }

    /// <summary>As <see cref="LocalTraining.Run"/>, without bytes: thousands of small steps would spend most of their time on those.</summary>
    private static void Run(KMeansTrainer trainer, KMeansShardWorker worker, IParallel parallel)
    {
        while (trainer.NextUnencoded is { } step)
            trainer.Advance(worker.Compute(step, parallel), parallel);
    }

    /// <summary>By the multiply-adds that one attempt takes: about 8 trials a centre and 16 iterations.</summary>
    private int Attempts(int count)
        => (int)Math.Clamp(ReduceWork / (24.0 * count * context.Spec.K * context.Columns), 1, ReduceAttempts);
}
