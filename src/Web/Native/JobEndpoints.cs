using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansCluster.Client;
using OrleansCluster.Client.Http;
using OrleansCluster.Contracts;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Json;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;
using OrleansCluster.Web.Exchange;
using OrleansCluster.Web.Hosting;
using OrleansCluster.Web.Problems;

namespace OrleansCluster.Web.Native;

/// <summary>Training jobs.</summary>
internal sealed class JobEndpoints(NativeApi api)
{
    private const string Heading = "jobs", Root = NativeApi.Root + "/jobs", One = Root + "/{job}", LastEvent = "Last-Event-ID";

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("POST", Root, "startJob", "Starts a training, or a retraining of a model, and answers at once", StartAsync).Under(Heading)
            .Takes<RequestDocument>().Gives<JobDocument>(StatusCodes.Status202Accepted)
            .Knows("Idempotency-Key", "Any text: the same request with the same key starts one job", header: true)
            .Wired(StartWiredAsync);
        routes.Map("POST", Root + "/plan", "planJob", "What a training, or a retraining, would take: memory, messages, passes over the rows, time", PlanAsync)
            .Under(Heading).Takes<RequestDocument>().Gives<TrainingPlanDocument>().Wired(PlanWiredAsync);
        routes.Map("GET", Root, "listJobs", "Every job, newest first", ListAsync).Under(Heading).Pages().Gives<JobPageDocument>()
            .Wired(http => api.Client.Jobs.ListAsync(http.RequestAborted));
        routes.Map("GET", One, "getJob", "Where a job stands", FindAsync).Under(Heading).Gives<JobDocument>()
            .Wired(http => api.Client.Jobs.FindAsync(Queries.Path(http, "job"), http.RequestAborted));
        routes.Map("GET", One + "/report", "getJobReport", "What a finished training says of itself", ReportAsync).Under(Heading).Gives<ReportDocument>()
            .Wired(http => api.Client.Jobs.ReportAsync(Queries.Path(http, "job"), http.RequestAborted));
        routes.Map(
            "GET", One + "/events", "watchJob", "The job's progress from its beginning to its end, as server-sent events",
            WatchAsync).Under(Heading).Gives<ProgressDocument>(type: "text/event-stream")
            .Knows("after", "The id of an event: what comes after it [default: the job's beginning, or what Last-Event-ID says]", number: true);
        routes.Map(
            "POST", One + "/cancel", "cancelJob", "Stops a job for good; nothing is published",
            http => ChangeAsync(http, Cancel)).Under(Heading).Gives<JobDocument>()
            .Wired(http => api.Client.Jobs.CancelAsync(Queries.Path(http, "job"), http.RequestAborted));
        routes.Map(
            "POST", One + "/suspend", "suspendJob", "Writes a checkpoint and lets go of a job",
            http => ChangeAsync(http, (jobs, job, stop) => jobs.SuspendAsync(job, stop))).Under(Heading).Gives<JobDocument>()
            .Wired(http => api.Client.Jobs.SuspendAsync(Queries.Path(http, "job"), http.RequestAborted));
        routes.Map(
            "POST", One + "/resume", "resumeJob", "Goes on with a job that was suspended or interrupted",
            http => ChangeAsync(http, Resume)).Under(Heading).Gives<JobDocument>()
            .Wired(http => api.Client.Jobs.ResumeAsync(Queries.Path(http, "job"), http.RequestAborted));
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
            catch (ClusteringException refused) when (refused.RetryAfter is null)
            {
                throw await RefusalAsync(asked, refused, http.RequestAborted).ConfigureAwait(false);
            }

            status = await FindAsync(job, http.RequestAborted).ConfigureAwait(false);
        }

        http.Response.Headers.Location = $"{Root}/{status.Id}";
        await Answers.WriteAsync(http, StatusCodes.Status202Accepted, JobDocuments.Of(status), ApiJson.Default.JobDocument).ConfigureAwait(false);
    }

    /// <summary>A training as the .NET client asks for it, under an id of its own; what is wrong with it is said where it starts.</summary>
    private async Task<JobStatus> StartWiredAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        (RequestDocument asked, ReadOnlyMemory<byte> start) = await WireAnswers.ReadAsync(
            http, ApiJson.Default.RequestDocument, WebOptions.Of(http).MostQuestionBytes).ConfigureAwait(false);
        string job = GrainKeys.CheckName("job", http.Request.Headers["Idempotency-Key"].ToString());
        IJobClient jobs = api.Client.Jobs;
        await jobs.StartAsync(JobRequests.Exact(asked, start, api.Families), job, http.RequestAborted).ConfigureAwait(false);
        return await FindAsync(job, http.RequestAborted).ConfigureAwait(false);
    }

    private async Task PlanAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        RequestDocument asked = await Bodies.ReadAsync(http, ApiJson.Default.RequestDocument).ConfigureAwait(false);
        PlannedTraining? plan;
        try
        {
            plan = JobRequests.IsRetraining(asked)
                ? await api.Client.Jobs.PlanAsync(JobRequests.Order(asked), http.RequestAborted).ConfigureAwait(false)
                : await api.Client.Jobs.PlanAsync(JobRequests.Request(asked, api.Families), http.RequestAborted).ConfigureAwait(false);
        }
        catch (ClusteringException refused) when (refused.RetryAfter is null)
        {
            throw await RefusalAsync(asked, refused, http.RequestAborted).ConfigureAwait(false);
        }

        await Answers.WriteAsync(
            http, PlanDocuments.Of(plan ?? throw ProblemException.Content("There is no plan for this family: it does not say what it needs.")),
            ApiJson.Default.TrainingPlanDocument).ConfigureAwait(false);
    }

    private async Task<PlannedTraining?> PlanWiredAsync(HttpContext http)
    {
        Queries.Check(http.Request);
        (RequestDocument asked, ReadOnlyMemory<byte> start) = await WireAnswers.ReadAsync(
            http, ApiJson.Default.RequestDocument, WebOptions.Of(http).MostQuestionBytes).ConfigureAwait(false);
        return await api.Client.Jobs.PlanAsync(JobRequests.Exact(asked, start, api.Families), http.RequestAborted).ConfigureAwait(false);
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
        Queries.Check(http.Request, "after");
        bool wired = WireAnswers.AreWanted(http.Request);
        string job = Queries.Path(http, "job");
        if (!wired)
            await FindAsync(job, http.RequestAborted).ConfigureAwait(false);
        long after = Queries.Text(http.Request, "after") is null && !http.Request.Headers.ContainsKey(LastEvent) ? 0 : Cursor(http.Request);
        CancellationToken ending = http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, ending);
        try
        {
            await foreach (ProgressPage page in api.Client.Jobs.WatchAsync(job, after, stop.Token).ConfigureAwait(false))
            {
                if (!http.Response.HasStarted)
                {
                    http.Response.ContentType = "text/event-stream";
                    http.Response.Headers.CacheControl = "no-store";
                }

                bool ended = page.Status.State is not (JobState.Queued or JobState.Running);
                string data = wired ? Convert.ToBase64String(WireFormat.Write(page))
                    : JsonSerializer.Serialize(JobDocuments.Of(page), ApiJson.Default.ProgressDocument);
                string item = string.Create(CultureInfo.InvariantCulture, $"id: {page.Cursor}\nevent: {(ended ? "ended" : "progress")}\ndata: {data}\n\n");
                await http.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes(item), stop.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            // The service ends; who watches asks again where the job went on.
        }
    }

    /// <summary>What has been seen of a job, as who watches it says who was interrupted.</summary>
    private static long Cursor(HttpRequest request)
    {
        string text = Queries.Text(request, "after") ?? request.Headers[LastEvent].ToString();
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long cursor)
            ? cursor
            : throw ProblemException.Bad($"'{text}' is no id of an event: those of this stream are whole numbers from 0.");
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
