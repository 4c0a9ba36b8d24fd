using Orleans.Concurrency;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Training;

/// <inheritdoc cref="IPlannerGrain"/>
[StatelessWorker]
public sealed class PlannerGrain(TrainingServices services) : Grain, IPlannerGrain
{
    public async Task<PlannedTraining?> Plan(TrainingRequest request, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        GrainKeys.CheckName("model", request.Model);
        GrainKeys.CheckName("dataset", request.Dataset);
        ITrainingOptions options = request.Asked();
        services.Families.Find(options.Family).Description.Check(options);
        string tenant = GrainKeys.Parse(this.GetPrimaryKeyString()).Tenant;
        AskedTraining asked = await AskedTraining.Find(GrainFactory, services, tenant, request, cancellation);
        return asked.Plan(options, request.Retraining, services) is not { } plan ? null : new PlannedTraining
        {
            Family = options.Family,
            Dataset = asked.Dataset.Name,
            DatasetVersion = asked.Dataset.Version,
            Rows = plan.Rows.Rows,
            Columns = plan.Rows.Columns,
            Prepared = asked.Preparation.Length > 0,
            Clusters = plan.Clusters,
            Starts = plan.Starts,
            MaxIterations = options.MaxIterations,
            Silos = plan.Rows.Silos,
            Threads = plan.Rows.Threads,
            Shards = plan.Rows.Shards,
            MappedBytes = plan.MappedBytes,
            MemoryBytes = plan.SiloBytes,
            RowBytes = plan.RowBytes,
            ThreadBytes = plan.ThreadBytes,
            MemoryLimit = TrainingPlan.Limit,
            Messages = plan.Messages,
            MessageBytes = plan.MessageBytes,
            MostPasses = plan.MostPasses,
            Rate = plan.Rate,
            IterationSeconds = plan.IterationSeconds,
            MostSeconds = plan.MostSeconds,
            Refusal = plan.Refusal(TrainingPlan.Limit) ?? "",
        };
    }
}
