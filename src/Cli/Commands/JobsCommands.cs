using System.CommandLine;
using OrleansCluster.Cli.Export;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Client;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>jobs list | show | resume | cancel | delete</c>.</summary>
internal static class JobsCommands
{
    public static Command Create()
    {
        var id = new Argument<string>("ID") { Description = "Id of the job" };
        var export = ExportOption.Create();
        var deletion = new DeletionOptions();
        var delete = new Command("delete", "Forget a job; the version that it published stays") { id };
        deletion.AddTo(delete);
        return new Command("jobs", "List, show, resume, cancel or delete training jobs")
        {
            new Command("list", "List the jobs, newest first").Runs((context, _) => ListAsync(context)),
            new Command("show", "Show where a job stands, or its report") { id }.Runs((context, parsed) => ShowAsync(context, parsed.GetRequiredValue(id))),
            new Command("resume", "Go on with an interrupted job") { id, export }
                .Runs((context, parsed) => ResumeAsync(context, parsed.GetRequiredValue(id), parsed.GetValue(export)), pages: true),
            new Command("cancel", "Stop a job for good; nothing is published") { id }
                .Runs((context, parsed) => CancelAsync(context, parsed.GetRequiredValue(id))),
            delete.Runs((context, parsed) => DeleteAsync(context, parsed, parsed.GetRequiredValue(id), deletion)),
        };
    }

    private static async Task<int> ListAsync(CommandContext context)
    {
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        JobStatus[] jobs = [.. (await session.Client.Jobs.ListAsync(context.Cancellation).ConfigureAwait(false)).OrderByDescending(job => job.Created)
            .ThenBy(job => job.Id, StringComparer.Ordinal)];
        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartArray();
                foreach (JobStatus job in jobs)
                    JobOutput.Write(json, job, null, ClusterNames.None);
                json.WriteEndArray();
            });
            return ExitCode.Success;
        }

        JobOutput.Write(context, jobs);
        return ExitCode.Success;
    }

    private static async Task<int> ShowAsync(CommandContext context, string id)
    {
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        JobStatus job = await FindAsync(context, session.Client, id).ConfigureAwait(false);
        TrainingReport? report = job.State == JobState.Succeeded ? await session.Client.Jobs.ReportAsync(id, context.Cancellation).ConfigureAwait(false) : null;
        ClusterNames names = await ClusterNames.OfAsync(session.Client, job.Model, context.Cancellation).ConfigureAwait(false);
        if (context.Json)
            JsonReport.Print(json => JobOutput.Write(json, job, report, names));
        else if (report is not null)
            await TrainingOutput.WriteAsync(context, session.Client, report, null, 0).ConfigureAwait(false);
        else
            JobOutput.Write(context, job);
        return ExitCode.Success;
    }

    private static async Task<int> ResumeAsync(CommandContext context, string id, string? export)
    {
        ExportFolder? folder = ExportFolder.Prepare(export);
        await using Session session = await context.OpenAsync(stays: true).ConfigureAwait(false);
        JobStatus job = await FindAsync(context, session.Client, id).ConfigureAwait(false);
        if (job.State == JobState.Cancelled)
            throw CommandException.Usage($"Job {id} was cancelled and cannot be resumed: train again.");
        if (job.State == JobState.Failed)
            throw CommandException.Failure($"Job {id} failed and cannot be resumed: {job.Error}");
        if (job.State != JobState.Succeeded)
            await session.Client.Jobs.ResumeAsync(id, context.Cancellation).ConfigureAwait(false);
        TrainingReport report = await JobRun.FinishAsync(context, session, id).ConfigureAwait(false);
        if (folder is not null)
            await folder.WriteAsync(context, session.Client, report).ConfigureAwait(false);
        await TrainingOutput.WriteAsync(context, session.Client, report, null, 0).ConfigureAwait(false);
        return GateOutput.Code(report);
    }

    private static async Task<int> CancelAsync(CommandContext context, string id)
    {
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        JobStatus before = await FindAsync(context, session.Client, id).ConfigureAwait(false);
        RefuseEnded(id, before);
        JobStatus job = await session.Client.Jobs.CancelAsync(id, context.Cancellation).ConfigureAwait(false);
        // It may have come to its end meanwhile, or before it was interrupted.
        RefuseEnded(id, job);
        if (context.Json)
            JsonReport.Print(json => JobOutput.Write(json, job, null, ClusterNames.None));
        else
            Terminal.Print($"Cancelled job {id}; nothing was published.");
        return ExitCode.Success;
    }

    private static async Task<int> DeleteAsync(CommandContext context, ParseResult parsed, string id, DeletionOptions options)
    {
        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        await FindAsync(context, session.Client, id).ConfigureAwait(false);
        if (!await options.IsWantedAsync(context, parsed, $"job {id}").ConfigureAwait(false))
            return ExitCode.Failure;
        try
        {
            string lost = await session.Client.Jobs.DeleteAsync(id, options.Force(parsed), context.Cancellation).ConfigureAwait(false);
            DeletionOptions.Tell(context, $"Deleted job {id}.", "job", id, [], lost.Length > 0 ? [lost] : []);
        }
        catch (ClusteringException refused) when (refused.InnerException is not (IOException or UnauthorizedAccessException))
        {
            throw CommandException.Usage(refused.Message, refused);
        }

        return ExitCode.Success;
    }

    /// <summary>What was published or has failed cannot be cancelled any more.</summary>
    private static void RefuseEnded(string id, JobStatus job)
    {
        if (job.State == JobState.Succeeded)
            throw CommandException.Usage($"Job {id} has already published its version: there is nothing to cancel.");
        if (job.State == JobState.Failed)
            throw CommandException.Usage($"Job {id} has already failed: {job.Error} There is nothing to cancel.");
    }

    private static async Task<JobStatus> FindAsync(CommandContext context, IClusteringClient client, string id) =>
        await client.Jobs.FindAsync(Names.Check("job", id), context.Cancellation).ConfigureAwait(false)
        ?? throw CommandException.Usage($"There is no job '{id}' in {context.Place}. See: {context.Suggest("jobs list")}");
}
