using Microsoft.Extensions.Logging;

namespace OrleansCluster.Retraining;

/// <summary>What the log says of retrainings that begin by themselves.</summary>
internal static partial class RetrainingLog
{
    [LoggerMessage(1, LogLevel.Information, "Model {Model} (tenant {Tenant}) is retrained by job {Job}: {Because}")]
    public static partial void Began(this ILogger logger, string tenant, string model, string job, string because);

    [LoggerMessage(2, LogLevel.Information, "Model {Model} (tenant {Tenant}): version {Version} of job {Job} is tried on a growing share of the questions")]
    public static partial void Tried(this ILogger logger, string tenant, string model, int version, string job);

    [LoggerMessage(3, LogLevel.Information, "Model {Model} (tenant {Tenant}): the retraining by job {Job} ended, {Step}: {Why}")]
    public static partial void Ended(this ILogger logger, string tenant, string model, string job, string step, string why);

    [LoggerMessage(4, LogLevel.Warning, "Model {Model} (tenant {Tenant}): the retraining by job {Job} came to nothing, {Step}: {Why}")]
    public static partial void CameToNothing(this ILogger logger, string tenant, string model, string job, string step, string why);

    [LoggerMessage(5, LogLevel.Error, "Model {Model} (tenant {Tenant}) is not retrained by itself any more: {Why}")]
    public static partial void Stopped(this ILogger logger, string tenant, string model, string why);

    [LoggerMessage(6, LogLevel.Warning, "Model {Model} (tenant {Tenant}): the retraining could not be looked after, and is again within a minute: {Reason}")]
    public static partial void CannotLook(this ILogger logger, string tenant, string model, string reason);
}
