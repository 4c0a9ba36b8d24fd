using Microsoft.Extensions.Logging;

namespace OrleansCluster.Models;

/// <summary>What the log says of models.</summary>
internal static partial class ModelLog
{
    [LoggerMessage(1, LogLevel.Information, "Model {Model} (tenant {Tenant}) is at revision {Revision}: {What}{Reason}")]
    public static partial void Changed(this ILogger logger, string tenant, string model, long revision, string what, string reason);

    [LoggerMessage(7, LogLevel.Information, "Model {Model} (tenant {Tenant}) was copied here, at revision {Revision} with {Versions} versions")]
    public static partial void Copied(this ILogger logger, string tenant, string model, long revision, int versions);

    [LoggerMessage(2, LogLevel.Information, "Model {Model} (tenant {Tenant}): version {Version} of job {Job} is {Verdict} by the model's policy: {Passed} of "
        + "{Rules} rules passed")]
    public static partial void Judged(this ILogger logger, string tenant, string model, int version, string job, string verdict, int passed, int rules);

    [LoggerMessage(3, LogLevel.Warning, "Model {Model} (tenant {Tenant}) refused to publish what job {Job} made: {Reason}")]
    public static partial void Refused(this ILogger logger, string tenant, string model, string job, string reason);

    [LoggerMessage(4, LogLevel.Information, "Model {Model} (tenant {Tenant}): the canary, version {Version}, took step {Step}")]
    public static partial void Climbed(this ILogger logger, string tenant, string model, int version, int step);

    [LoggerMessage(5, LogLevel.Warning, "Model {Model} (tenant {Tenant}): the canary's step could not be taken now: {Reason}")]
    public static partial void CannotClimb(this ILogger logger, string tenant, string model, string reason);

    [LoggerMessage(6, LogLevel.Warning, "Model {Model} (tenant {Tenant}): the package {Package} cannot be read and stays: {Reason}")]
    public static partial void PackageStays(this ILogger logger, string tenant, string model, string package, string reason);
}
