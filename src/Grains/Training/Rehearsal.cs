using OrleansCluster.Numerics;
using OrleansCluster.Numerics.Randomness;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Training;

/// <summary>
/// Trains made-up rows as a request asks, so that the code is there before somebody waits for it: kernels are compiled while the program runs, for the
/// machine it runs on, which takes as long as several iterations. Changes nothing else.
/// </summary>
public static class Rehearsal
{
    private const int Rows = 2048;

    /// <summary>More clusters, and the columns they are tried with, run the same code.</summary>
    private const int MostClusters = 128;
    private const int FewColumns = 4;
    private const int ManyColumns = 128;

    /// <summary>Trains, and forgets what came of it.</summary>
    /// <param name="algorithm">The algorithm of the request.</param>
    /// <param name="request">What will be asked for, with right options or wrong ones.</param>
    public static void Run(ITrainingAlgorithm algorithm, TrainingRequest request)
    {
        ArgumentNullException.ThrowIfNull(algorithm);
        ArgumentNullException.ThrowIfNull(request);
        int k = Math.Clamp(request.Options().K, 1, MostClusters);
        double[] few = Values(FewColumns);
        Train(new RowBlock(Array.ConvertAll(few, value => (float)value), FewColumns));
        // Which kernels serve many centres depends on the columns too.
        if (k == MostClusters && request.KMeans is not null)
            Train(new RowBlock(Array.ConvertAll(Values(ManyColumns), value => (float)value), ManyColumns));
        Train(new RowBlock(few, FewColumns));

        void Train(RowBlock rows)
        {
            try
            {
                LocalTraining.Run(algorithm.Rehearse(request, k, rows.Columns), [algorithm.CreateWorker(rows)], Sequential.Instance);
            }
            catch (Exception e) when (e is ClusteringException or TrainingException or ArgumentException)
            {
                // The training itself says what is wrong with the options.
            }
        }
    }

    private static double[] Values(int columns)
    {
        var draws = new Draws(0, Purpose.RandomStart, 0, 0);
        return [.. Enumerable.Range(0, Rows * columns).Select(i => draws.Uniform(i))];
    }
}
