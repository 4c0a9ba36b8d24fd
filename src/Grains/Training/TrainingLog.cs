using Microsoft.Extensions.Logging;

namespace OrleansCluster.Training;

/// <summary>What the log says of trainings. Every message names tenant, model and job.</summary>
internal static partial class TrainingLog
{
    [LoggerMessage(1, LogLevel.Information, "Job {Job} of model {Model} (tenant {Tenant}) begins: {Family} on {Dataset} version {DatasetVersion}, {Rows} "
        + "rows in {Shards} shards on {Silos} silos")]
    public static partial void Began(
        this ILogger logger, string tenant, string model, string job, string family, string dataset, int datasetVersion, long rows, int shards, int silos);

    [LoggerMessage(2, LogLevel.Information, "Job {Job} of model {Model} (tenant {Tenant}) goes on from {Phase}, restart {Restart}, iteration {Iteration}; "
        + "taken up {Times} times so far")]
    public static partial void TakenUp(this ILogger logger, string tenant, string model, string job, string phase, int restart, int iteration, int times);

    [LoggerMessage(3, LogLevel.Information, "Job {Job} of model {Model} (tenant {Tenant}): {Phase}, restart {Restart}")]
    public static partial void Phase(this ILogger logger, string tenant, string model, string job, string phase, int restart);

    [LoggerMessage(4, LogLevel.Warning, "Job {Job} of model {Model} (tenant {Tenant}) asks {Whom} again, for the {Times}. time: {Reason}")]
    public static partial void Retried(this ILogger logger, string tenant, string model, string job, string whom, int times, string reason);

    [LoggerMessage(14, LogLevel.Warning, "Job {Job} (tenant {Tenant}) asks {Whom} again, for the {Times}. time: {Reason}")]
    public static partial void AskedAgain(this ILogger logger, string tenant, string job, GrainId whom, int times, string reason);

    [LoggerMessage(5, LogLevel.Information, "Job {Job} of model {Model} (tenant {Tenant}) succeeded: version {Version}")]
    public static partial void Succeeded(this ILogger logger, string tenant, string model, string job, int version);

    [LoggerMessage(6, LogLevel.Error, "Job {Job} of model {Model} (tenant {Tenant}) failed: {Reason}")]
    public static partial void Failed(this ILogger logger, string tenant, string model, string job, string reason);

    [LoggerMessage(7, LogLevel.Warning, "Job {Job} of model {Model} (tenant {Tenant}) is interrupted: {Reason}")]
    public static partial void Interrupted(this ILogger logger, string tenant, string model, string job, string reason);

    [LoggerMessage(8, LogLevel.Information, "Job {Job} of model {Model} (tenant {Tenant}) was {What}")]
    public static partial void Stopped(this ILogger logger, string tenant, string model, string job, string what);

    [LoggerMessage(9, LogLevel.Warning, "Job {Job} for model {Model} (tenant {Tenant}) is refused: {Reason}")]
    public static partial void Refused(this ILogger logger, string tenant, string model, string job, string reason);

    [LoggerMessage(10, LogLevel.Warning, "Job {Job} of model {Model} (tenant {Tenant}) begins again: its checkpoint cannot be used: {Reason}")]
    public static partial void CheckpointLost(this ILogger logger, string tenant, string model, string job, string reason);

    [LoggerMessage(11, LogLevel.Debug, "Job {Job} of model {Model} (tenant {Tenant}) left something behind that ends by itself: {Reason}")]
    public static partial void LeftBehind(this ILogger logger, string tenant, string model, string job, string reason);

    [LoggerMessage(12, LogLevel.Information, "Job {Job} of model {Model} (tenant {Tenant}) is driven by another silo, and let go of here")]
    public static partial void DrivenElsewhere(this ILogger logger, string tenant, string model, string job);

    [LoggerMessage(13, LogLevel.Warning, "The job {Key} could not be woken, and is asked again in {Pause}: {Reason}")]
    public static partial void CannotWake(this ILogger logger, string key, TimeSpan pause, string reason);
}
