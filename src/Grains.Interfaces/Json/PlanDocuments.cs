using OrleansCluster.Contracts.Api;
using OrleansCluster.Training;

namespace OrleansCluster.Json;

/// <summary>What a training would take, as JSON.</summary>
public static class PlanDocuments
{
    /// <summary>The plan.</summary>
    public static TrainingPlanDocument Of(PlannedTraining plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return new TrainingPlanDocument
        {
            Family = plan.Family,
            Dataset = plan.Dataset,
            DatasetVersion = plan.DatasetVersion,
            Rows = plan.Rows,
            Columns = plan.Columns,
            Prepared = plan.Prepared,
            Clusters = plan.Clusters,
            Starts = plan.Starts,
            MaxIterations = plan.MaxIterations,
            Silos = plan.Silos,
            Threads = plan.Threads,
            Shards = plan.Shards,
            MappedBytes = plan.MappedBytes,
            MemoryBytes = plan.MemoryBytes,
            MemoryBytesOfRows = plan.RowBytes,
            MemoryBytesOfThread = plan.ThreadBytes,
            MemoryLimitBytes = plan.MemoryLimit,
            IterationMessages = plan.Messages,
            IterationMessageBytes = plan.MessageBytes,
            IterationSeconds = plan.IterationSeconds,
            MostPasses = plan.MostPasses,
            MostSeconds = plan.MostSeconds,
            Fits = plan.Refusal.Length == 0,
            Refusal = plan.Refusal.Length > 0 ? plan.Refusal : null,
        };
    }
}
