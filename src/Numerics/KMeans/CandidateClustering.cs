using System.Collections.Concurrent;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.KMeans.Start;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>k-means++ and Lloyd's iterations over few rows, where this runs: the best of several attempts.</summary>
internal sealed class CandidateClustering(KMeansGeometry geometry) : ICandidateClustering
{
    private const int Iterations = 30;

    // Candidates are few and a good reduction is most of a good start: many attempts, as long as they cost little beside a pass over the rows.
    private const int MostAttempts = 24;
    private const double MostWork = 1e9;

    /// <summary>Where rows are at least so wide and at most one value of so many is not 0, they are clustered as sparse ones: to the same bits.</summary>
    private const int WideColumns = 256, FewValues = 16;

    private static readonly CandidateClustering Plane = new(KMeansGeometry.Euclidean), Sphere = new(KMeansGeometry.Sphere);

    /// <summary>That of rows of a geometry.</summary>
    public static CandidateClustering Of(KMeansGeometry geometry) => geometry == KMeansGeometry.Sphere ? Sphere : Plane;

    public double[] Cluster(double[] values, int columns, double[] weights, int k, ulong seed, IParallel parallel)
    {
        RowBlock rows = Rows(values, columns, weights);
        // Candidates are rows, and have few values where those have.
        SparseBlock? sparse = columns >= WideColumns && values.Length - values.AsSpan().Count(0.0) <= values.Length / FewValues
            ? SparseBlock.Of(rows) : null;
        var attempts = new KMeansResult[Attempts(weights.Length, columns, k)];
        KMeansSurvey survey = Survey(Worker(), columns, k, parallel);
        var workers = new ConcurrentBag<IStepWorker>();
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
            if (!workers.TryTake(out IStepWorker? worker))
                worker = Worker();
            KMeansSpec spec = KMeansSpec.Create(k, "k-means++", restarts: attempt + 1, maxIterations: Iterations, tolerance: 0, seed: seed, geometry: geometry);
            var trainer = new KMeansTrainer(spec, columns, survey, attempt);
            Run(trainer, worker, within);
            workers.Add(worker);
            attempts[attempt] = trainer.Result!;
        }

        IStepWorker Worker() => sparse is null ? new KMeansShardWorker(rows, geometry) : new SparseKMeansWorker(sparse, geometry);
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

    private KMeansSurvey Survey(IStepWorker worker, int columns, int k, IParallel parallel)
    {
        var trainer = new KMeansTrainer(KMeansSpec.Create(k, "k-means++", geometry: geometry), columns);
        while (trainer.Survey is null)
            trainer.Advance(worker.Compute(trainer.NextUnencoded!, parallel), parallel);
        return trainer.Survey;
    }

    /// <summary>As <see cref="LocalTraining.Run"/>, without bytes: thousands of small steps would spend most of their time on those.</summary>
    private static void Run(KMeansTrainer trainer, IStepWorker worker, IParallel parallel)
    {
        while (trainer.NextUnencoded is { } step)
            trainer.Advance(worker.Compute(step, parallel), parallel);
    }

    /// <summary>By the multiply-adds that one attempt takes: about 8 trials a centre and 16 iterations.</summary>
    private static int Attempts(int count, int columns, int k) => (int)Math.Clamp(MostWork / (24.0 * count * k * columns), 1, MostAttempts);
}
