using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Output;
using OrleansCluster.Client;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Sessions;

/// <summary>Starts a job and follows it to its end, or saves it when the user wants to stop.</summary>
internal static class JobRun
{
    private static readonly TimeSpan MostForSaving = TimeSpan.FromSeconds(15);

    /// <summary>The id of a job that was asked for, told to the user.</summary>
    /// <exception cref="CommandException">It was refused as a request that cannot be carried out.</exception>
    public static async Task<string> StartAsync(Session session, Task<string> starting)
    {
        try
        {
            string job = await starting.ConfigureAwait(false);
            Terminal.Say($"job {job}");
            if (session.Owner is { } owner)
                Terminal.Say($"{owner} has this home open and does the work");
            return job;
        }
        catch (ClusteringException refused) when (refused.InnerException is not (IOException or UnauthorizedAccessException) && !session.OwnerEnded)
        {
            throw CommandException.Usage(refused.Message, refused);
        }
    }

    /// <summary>The report of the job when it has succeeded.</summary>
    /// <exception cref="CommandException">It failed, was cancelled or interrupted, or the user stopped it; the message says how to go on.</exception>
    public static async Task<TrainingReport> FinishAsync(CommandContext context, Session session, string job)
    {
        try
        {
            return await FollowAsync(context, session.Client, job).ConfigureAwait(false);
        }
        catch (ClusteringException lost) when (session.OwnerEnded)
        {
            throw CommandException.Failure($"Job {job} was interrupted: {session.Owner} did the work and has ended. Go on with: "
                + $"{context.Suggest($"jobs resume {job}")}", lost);
        }
    }

    private static async Task<TrainingReport> FollowAsync(CommandContext context, IClusteringClient client, string job)
    {
        JobStatus? status;
        try
        {
            status = await new ProgressView(context.Terminal).FollowAsync(client.Jobs.WatchAsync(job, context.Cancellation), context.Cancellation)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.Cancellation.IsCancellationRequested)
        {
            // A cluster does not need us to go on.
            if (context.IsElsewhere)
            {
                throw CommandException.Interrupted($"Stopped watching; job {job} goes on {(context.Server is null ? "in the cluster" : "at the service")}. "
                    + $"Look with: {context.Suggest($"jobs show {job}")}");
            }

            throw CommandException.Interrupted(await SuspendAsync(context, client, job).ConfigureAwait(false));
        }

        status ??= await client.Jobs.FindAsync(job, CancellationToken.None).ConfigureAwait(false) ?? throw CommandException.Failure($"Job {job} is gone.");
        switch (status.State)
        {
            case JobState.Failed:
                throw CommandException.Failure($"Job {job} failed: {status.Error}");
            case JobState.Cancelled:
                throw CommandException.Failure($"Job {job} was cancelled; nothing was published.");
            case JobState.Interrupted:
                throw CommandException.Failure($"Job {job} was interrupted{(status.Error.Length > 0 ? $": {status.Error}" : ".")} Go on with: "
                    + $"{context.Suggest($"jobs resume {job}")}");
            default:
                return await client.Jobs.ReportAsync(job, CancellationToken.None).ConfigureAwait(false)
                    ?? throw CommandException.Failure($"Job {job} has no report.");
        }
    }

    private static async Task<string> SuspendAsync(CommandContext context, IClusteringClient client, string job)
    {
        using var patience = new CancellationTokenSource(MostForSaving);
        JobStatus status = await client.Jobs.SuspendAsync(job, patience.Token).ConfigureAwait(false);
        return status.State switch
        {
            JobState.Succeeded => $"Stopped, but job {job} had already finished: {context.Suggest($"jobs show {job}")}",
            JobState.Failed => $"Stopped, but job {job} had already failed: {status.Error}",
            JobState.Cancelled => $"Stopped; job {job} was cancelled and nothing was published.",
            _ => $"Stopped; a checkpoint is written. Go on with: {context.Suggest($"jobs resume {job}")}",
        };
    }
}
