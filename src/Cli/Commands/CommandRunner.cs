using System.CommandLine;
using OrleansCluster.Silo.Clustering;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Cli.Commands;

/// <summary>Carries out a command and turns whatever stops it into one message and an exit code.</summary>
internal static class CommandRunner
{
    /// <summary>Makes <paramref name="run"/> the action of <paramref name="command"/>.</summary>
    /// <param name="pages">Whether it can write its report as a page.</param>
    /// <param name="here">Whether it is carried out on this machine, whatever service the environment names.</param>
    public static Command Runs(this Command command, Func<CommandContext, ParseResult, Task<int>> run, bool pages = false, bool here = false)
    {
        command.SetAction(parsed => RunAsync(parsed, (context, given) =>
        {
            if (context.Page && !pages)
            {
                throw CommandException.Usage(
                    $"--report html: '{command.Name}' writes no page; train, retrain, 'jobs resume', 'models diff' and report do. Use text or json.");
            }

            if (here && context.Server is { IsGiven: true })
                throw CommandException.Usage($"'{Mistakes.Path(parsed.CommandResult)}' is done here and asks no service: leave --server out.");
            return run(context, given);
        }, here));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, Func<CommandContext, ParseResult, Task<int>> run, bool here)
    {
        try
        {
            using var context = new CommandContext(parsed, here: here);
            // For the audit log, whatever comes of it.
            RequestContext.Set(GrainKeys.CallerContext, Environment.UserName);
            return await run(context, parsed).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            (int code, string message) = Failures.Explain(exception);
            message = Secrets.Hide(message);
            await Console.Error.WriteLineAsync(code == ExitCode.Interrupted ? message : $"error: {message}").ConfigureAwait(false);
            if (Environment.GetEnvironmentVariable("ORLEANSCLUSTER_DEBUG") == "1")
                await Console.Error.WriteLineAsync(Secrets.Hide(exception.ToString())).ConfigureAwait(false);
            return code;
        }
    }
}
