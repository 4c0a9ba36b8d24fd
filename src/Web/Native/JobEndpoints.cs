using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCluster.Client;
using OrleansCluster.Contracts;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using OrleansCluster.Training;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Native;

/// <summary>Training jobs.</summary>
internal sealed class JobEndpoints(NativeApi api)
{
    private const string Heading = "jobs", Root = NativeApi.Root + "/jobs", One = Root + "/{job}";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("POST", Root, "startJob", "Starts a training, or a retraining of a model, and answers at once", StartAsync).Under(Heading)
            .Takes<RequestDocument>().Gives<JobDocument>(StatusCodes.Status202Accepted)
            .Knows("Idempotency-Key", "Any text: the same request with the same key starts one job", header: true);
        routes.Map("GET", Root, "listJobs", "Every job, newest first", ListAsync).Under(Heading).Pages().Gives<JobPageDocument>();
        routes.Map("GET", One, "getJob", "Where a job stands", FindAsync).Under(Heading).Gives<JobDocument>();
        routes.Map("GET", One + "/report", "getJobReport", "What a finished training says of itself", ReportAsync).Under(Heading).Gives<ReportDocument>();
        routes.Map(
            "GET", One + "/events", "watchJob", "The job's progress from its beginning to its end, as server-sent events",
            WatchAsync).Under(Heading).Gives<ProgressDocument>(type: "text/event-stream");
        routes.Map(
            "POST", One + "/cancel", "cancelJob", "Stops a job for good; nothing is published",
            http => ChangeAsync(http, Cancel)).Under(Heading).Gives<JobDocument>();
        routes.Map(
            "POST", One + "/suspend", "suspendJob", "Writes a checkpoint and lets go of a job",
            http => ChangeAsync(http, (jobs, job, stop) => jobs.SuspendAsync(job, stop))).Under(Heading).Gives<JobDocument>();
        routes.Map(
            "POST", One + "/resume", "resumeJob", "Goes on with a job that was suspended or interrupted",
            http => ChangeAsync(http, Resume)).Under(Heading).Gives<JobDocument>();
    }

    private async Task StartAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        RequestDocument asked = await Bodies.ReadAsync(http, ApiJson.Default.RequestDocument).ConfigureAwait(false);
        // The same key means the same job; what else it is asked for is compared where the job is.
        string? job = Preconditions.Name(http.Request);
        IJobClient jobs = api.Client.Jobs;
        JobStatus? status = job is null ? null : await jobs.FindAsync(job, http.RequestAborted).ConfigureAwait(false);
        if (status is null || !JobRequests.IsRetraining(asked))
        {
            if (status is null)
                await TenantLimits.CheckJobAsync(api.Client, asked.Model, http.RequestAborted).ConfigureAwait(false);
            try
            {
                job = JobRequests.IsRetraining(asked)
                    ? await jobs.RetrainAsync(JobRequests.Order(asked), job, http.RequestAborted).ConfigureAwait(false)
                    : await jobs.StartAsync(JobRequests.Request(asked, api.Families), job, http.RequestAborted).ConfigureAwait(false);
            }
            catch (ClusteringException refused) when (status is not null)
            {
                throw new ProblemException(422, ProblemKinds.ReusedKey, "This Idempotency-Key was used for another request: use a new one.", refused);
            }
            catch (ClusteringException refused)
            {
                throw await RefusalAsync(asked, refused, http.RequestAborted).ConfigureAwait(false);
            }

            status = await FindAsync(job, http.RequestAborted).ConfigureAwait(false);
        }

        http.Response.Headers.Location = $"{Root}/{status.Id}";
        await Answers.WriteAsync(http, StatusCodes.Status202Accepted, JobDocuments.Of(status), ApiJson.Default.JobDocument).ConfigureAwait(false);
    }

    /// <summary>What is missing is said as such.</summary>
    private async Task<ProblemException> RefusalAsync(RequestDocument asked, ClusteringException refused, CancellationToken cancellation)
    {
        try
        {
            bool missing = await api.Client.Datasets.FindAsync(asked.Dataset, asked.DatasetVersion, cancellation).ConfigureAwait(false) is null
                || (JobRequests.IsRetraining(asked) && await api.Client.Models.FindAsync(asked.Model, cancellation).ConfigureAwait(false) is null);
            return missing ? ProblemException.Missing(refused.Message, refused) : ProblemException.Bad(refused.Message, refused);
        }
        catch (ClusteringException)
        {
            // A name that nothing can have.
            return ProblemException.Bad(refused.Message, refused);
        }
    }

    private async Task ListAsync(HttpContext http)
    {
        Queries.Check(http.Request, "limit", "after");
        ImmutableArray<JobStatus> all = await api.Client.Jobs.ListAsync(http.RequestAborted).ConfigureAwait(false);
        (JobStatus[] page, string? next) = Queries.Page(http.Request, [.. all.Reverse()], job => job.Id);
        await Answers.WriteAsync(
            http, new JobPageDocument { Items = [.. page.Select(JobDocuments.Of)], Next = next }, ApiJson.Default.JobPageDocument).ConfigureAwait(false);
    }

    private async Task FindAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        JobStatus status = await FindAsync(Queries.Path(http, "job"), http.RequestAborted).ConfigureAwait(false);
        await Answers.WriteAsync(http, JobDocuments.Of(status), ApiJson.Default.JobDocument).ConfigureAwait(false);
    }

    private async Task ReportAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        JobStatus status = await FindAsync(Queries.Path(http, "job"), http.RequestAborted).ConfigureAwait(false);
        TrainingReport report = await api.Client.Jobs.ReportAsync(status.Id, http.RequestAborted).ConfigureAwait(false)
            ?? throw new ProblemException(
                409, ProblemKinds.Conflict, $"The job {status.Id} is {status.State.Word()} and has no report: only one that succeeded has.");
        await Answers.WriteAsync(http, ReportDocuments.Of(report), ApiJson.Default.ReportDocument).ConfigureAwait(false);
    }

    private async Task WatchAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        JobStatus status = await FindAsync(Queries.Path(http, "job"), http.RequestAborted).ConfigureAwait(false);
        CancellationToken ending = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, ending);
        http.Response.ContentType = "text/event-stream";
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            await foreach (ProgressPage page in api.Client.Jobs.WatchAsync(status.Id, stop.Token).ConfigureAwait(false))
            {
                bool ended = page.Status.State is not (JobState.Queued or JobState.Running);
                byte[] data = JsonSerializer.SerializeToUtf8Bytes(JobDocuments.Of(page), ApiJson.Default.ProgressDocument);
                await http.Response.BodyWriter.WriteAsync(
                    ended ? "event: ended\ndata: "u8.ToArray() : "event: progress\ndata: "u8.ToArray(), stop.Token).ConfigureAwait(false);
                await http.Response.BodyWriter.WriteAsync(data, stop.Token).ConfigureAwait(false);
                await http.Response.BodyWriter.WriteAsync("\n\n"u8.ToArray(), stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The service ends; who watches asks again where the job went on.
        }
    }

    private async Task ChangeAsync(HttpContext http, Func<IJobClient, string, CancellationToken, Task<JobStatus>> change)
    {
        Queries.Check(http.Request);
        JobStatus before = await FindAsync(Queries.Path(http, "job"), http.RequestAborted).ConfigureAwait(false);
        JobStatus after = await change(api.Client.Jobs, before.Id, http.RequestAborted).ConfigureAwait(false);
        await Answers.WriteAsync(http, JobDocuments.Of(after), ApiJson.Default.JobDocument).ConfigureAwait(false);
    }

    private static async Task<JobStatus> Cancel(IJobClient jobs, string job, CancellationToken cancellation)
    {
        JobStatus status = await jobs.CancelAsync(job, cancellation).ConfigureAwait(false);
        return status.State is JobState.Succeeded or JobState.Failed
            ? throw new ProblemException(
                409, ProblemKinds.Conflict, $"The job {job} has {status.State.Word()} already: there is nothing to cancel.")
            : status;
    }

    private static async Task<JobStatus> Resume(IJobClient jobs, string job, CancellationToken cancellation)
    {
        JobStatus status = await jobs.ResumeAsync(job, cancellation).ConfigureAwait(false);
        return status.State is JobState.Cancelled or JobState.Failed
            ? throw new ProblemException(
                409, ProblemKinds.Conflict,
                $"The job {job} {(status.State == JobState.Failed ? "has failed" : "was cancelled")} and cannot be gone on with: start another one.")
            : status;
    }

    private async Task<JobStatus> FindAsync(string job, CancellationToken cancellation) =>
        await api.Client.Jobs.FindAsync(job, cancellation).ConfigureAwait(false) ?? throw ProblemException.Missing($"There is no job '{job}'.");
}
