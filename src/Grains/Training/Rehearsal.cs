using OrleansCluster.Families;
using OrleansCluster.Numerics;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Randomness;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Training;

/// <summary>
/// Trains made-up rows as a request asks, so that the code is there before somebody waits for it: kernels are compiled while the program runs, for the
/// machine it runs on, which takes as long as several iterations. Changes nothing else.
/// </summary>
public static class Rehearsal
{
    private const int Rows = 2048;

    /// <summary>More clusters run the same code.</summary>
    private const int MostClusters = 128;
    private const int FewColumns = 4;

    /// <summary>Trains, and forgets what came of it.</summary>
    /// <param name="family">The family of the options.</param>
    /// <param name="options">What will be asked for, right or wrong.</param>
    public static void Run(IFamily family, ITrainingOptions options)
    {
        ArgumentNullException.ThrowIfNull(family);
        ArgumentNullException.ThrowIfNull(options);
        int k = Math.Clamp(options.K, 1, MostClusters);
        foreach (int columns in family.RehearsedColumns(k))
            Train(new RowBlock(Array.ConvertAll(Values(columns), value => (float)value), columns));
        Train(new RowBlock(Values(FewColumns), FewColumns));

        void Train(RowBlock rows)
        {
            try
            {
                LocalTraining.Run(family.Rehearse(options, k, rows.Columns), [family.CreateWorker(rows)], Sequential.Instance);
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
