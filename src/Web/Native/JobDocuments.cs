using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using OrleansCluster.Training;
using OrleansCluster.Web.Exchange;

namespace OrleansCluster.Web.Native;

/// <summary>Jobs as documents.</summary>
internal static class JobDocuments
{
    public static JobDocument Of(JobStatus job) => new()
    {
        Id = job.Id,
        State = job.State.Word(),
        Model = job.Model,
        Dataset = new JobDatasetDocument { Name = job.Dataset, Version = job.DatasetVersion, Rows = job.Rows },
        K = job.K,
        LargestK = job.LargestK > 0 ? job.LargestK : job.K,
        Version = job.Version,
        Phase = job.Phase,
        Restart = job.Restart,
        Restarts = job.Restarts,
        Iteration = job.Iteration,
        MaxIterations = job.MaxIterations,
        Objective = Answers.Finite(job.Objective),
        Best = Answers.Finite(job.Version > 0 ? job.Objective : job.Best),
        Created = job.Created,
        Error = job.Error,
    };

    public static ProgressDocument Of(ProgressPage page) => new()
    {
        Job = Of(page.Status),
        Iterations = [.. page.Iterations.Select(ReportDocuments.Of)],
        Warnings = [.. page.Warnings],
    };
}
