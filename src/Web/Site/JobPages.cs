using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansCluster.Client;
using OrleansCluster.Pages.Frame;
using OrleansCluster.Pages.Views;
using OrleansCluster.Training;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Native;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Site;

/// <summary>Pages about jobs, and what is done with them.</summary>
internal sealed class JobPages(NativeApi api)
{
    private const string One = "/jobs/{job}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Page("/jobs", "page.jobs", ListAsync);
        routes.Page(One, "page.job", ShowAsync);
        routes.Act(One + "/cancel", "page.cancelJob", http => ChangeAsync(http, (jobs, job) => jobs.CancelAsync(job, http.RequestAborted)));
        routes.Act(One + "/suspend", "page.suspendJob", http => ChangeAsync(http, (jobs, job) => jobs.SuspendAsync(job, http.RequestAborted)));
        routes.Act(One + "/resume", "page.resumeJob", http => ChangeAsync(http, (jobs, job) => jobs.ResumeAsync(job, http.RequestAborted)));
    }

    private async Task ListAsync(HttpContext http)
    {
        ImmutableArray<JobStatus> all = await api.Client.Jobs.ListAsync(http.RequestAborted).ConfigureAwait(false);
        (JobStatus[] page, string? next) = Queries.Page(http.Request, [.. all.Reverse()], job => job.Id);
        await PageAnswers.WriteAsync<JobsView>(
            http, "Jobs", new Dictionary<string, object?> { [nameof(JobsView.Jobs)] = page, [nameof(JobsView.Next)] = next }).ConfigureAwait(false);
    }

    private async Task ShowAsync(HttpContext http)
    {
        JobStatus job = await FindAsync(http).ConfigureAwait(false);
        TrainingReport? report = job.State == JobState.Succeeded
            ? await api.Client.Jobs.ReportAsync(job.Id, http.RequestAborted).ConfigureAwait(false)
            : null;
        await PageAnswers.WriteAsync<JobView>(http, $"{job.Model}: job", new Dictionary<string, object?>
        {
            [nameof(JobView.Job)] = job,
            [nameof(JobView.Report)] = report,
        }).ConfigureAwait(false);
    }

    private async Task ChangeAsync(HttpContext http, Func<IJobClient, string, Task<JobStatus>> change)
    {
        JobStatus job = await FindAsync(http).ConfigureAwait(false);
        await change(api.Client.Jobs, job.Id).ConfigureAwait(false);
        await PageAnswers.GoTo(http, Visit.OfJob(job.Id)).ConfigureAwait(false);
    }

    private async Task<JobStatus> FindAsync(HttpContext http)
    {
        string job = Queries.Path(http, "job");
        return await api.Client.Jobs.FindAsync(job, http.RequestAborted).ConfigureAwait(false) ?? throw ProblemException.Missing($"There is no job '{job}'.");
    }
}
