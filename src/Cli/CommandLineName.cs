namespace OrleansCluster.Cli;

/// <summary>How the user called the program, so that the commands we suggest can be typed as they are.</summary>
internal static class CommandLineName
{
    public static string Value { get; } = Environment.GetEnvironmentVariable("ORLEANSCLUSTER_COMMAND") is { Length: > 0 } name ? name : "cluster";
}
