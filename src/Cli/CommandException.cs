namespace OrleansCluster.Cli;

/// <summary>Ends the command with a message for the person at the keyboard and an exit code.</summary>
internal sealed class CommandException : Exception
{
    private CommandException(int exitCode, string message, Exception? inner)
        : base(message, inner) => ExitCode = exitCode;

    public int ExitCode { get; }

    /// <summary>The request cannot be carried out as given.</summary>
    public static CommandException Usage(string message, Exception? inner = null) => new(Cli.ExitCode.Usage, message, inner);

    /// <summary>The work failed.</summary>
    public static CommandException Failure(string message, Exception? inner = null) => new(Cli.ExitCode.Failure, message, inner);

    /// <summary>The user stopped the work.</summary>
    public static CommandException Interrupted(string message) => new(Cli.ExitCode.Interrupted, message, null);
}
