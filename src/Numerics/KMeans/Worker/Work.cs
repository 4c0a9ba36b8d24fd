using OrleansCluster.Numerics.Parallelism;

namespace OrleansCluster.Numerics.KMeans.Worker;

/// <summary>Where a pass runs and when it should give up.</summary>
/// <param name="Parallel">Runs slices.</param>
/// <param name="Cancellation">Looked at between slices.</param>
internal readonly record struct Work(IParallel Parallel, CancellationToken Cancellation);
