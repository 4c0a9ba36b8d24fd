using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Commands;

/// <summary>What is said of an exception, and the exit code that goes with it.</summary>
internal static class Failures
{
    /// <summary>One message without a stack trace.</summary>
    public static (int ExitCode, string Message) Explain(Exception exception) => exception switch
    {
        CommandException stopped => (stopped.ExitCode, stopped.Message),
        DataFormatException data => (ExitCode.Usage, data.Message),
        ClusteringException refused => (ExitCode.Failure, refused.Message),
        UnavailableException away => (ExitCode.Failure, away.Message),
        OperationCanceledException => (ExitCode.Interrupted, "Stopped."),
        AggregateException { InnerExceptions: [var only] } => Explain(only),
        IOException or UnauthorizedAccessException => (ExitCode.Failure, exception.Message),
        OutOfMemoryException => (ExitCode.Failure, "Out of memory: use fewer columns, --dtype f4 or a machine with more."),
        _ => (ExitCode.Failure, $"{exception.Message} (unexpected {exception.GetType().Name}; ORLEANSCLUSTER_DEBUG=1 shows where)"),
    };
}
