using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>Computes steps that never were bytes.</summary>
internal interface IStepWorker
{
    /// <summary>The statistic of a step; whoever gets it may change it.</summary>
    Statistic Compute(KMeansStep step, IParallel parallel, CancellationToken cancellation = default);
}
