using Microsoft.Extensions.Logging;

namespace OrleansCluster.Alerts;

/// <summary>What the log says of alerts.</summary>
internal static partial class AlertsLog
{
    [LoggerMessage(1, LogLevel.Warning, "Alert {Id} (tenant {Tenant}, {Severity}) {Rule}, {Cause}: {Text}")]
    public static partial void Fires(this ILogger logger, string tenant, string id, string severity, string rule, string cause, string text);

    [LoggerMessage(2, LogLevel.Information, "Alert {Id} (tenant {Tenant}) {Rule}, {Cause} has ended")]
    public static partial void Ended(this ILogger logger, string tenant, string id, string rule, string cause);

    [LoggerMessage(3, LogLevel.Warning, "Alerts of the tenant {Tenant} could not be told to {Receiver}, and are again within a minute: {Reason}")]
    public static partial void Untold(this ILogger logger, string tenant, string receiver, string reason);

    [LoggerMessage(4, LogLevel.Warning, "The model {Model} (tenant {Tenant}) cannot be watched now: {Reason}")]
    public static partial void CannotWatch(this ILogger logger, string tenant, string model, string reason);
}
