using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using OrleansCluster.Cli.Alerts;
using OrleansCluster.Cli.Clusters;
using OrleansCluster.Cli.Monitoring;
using OrleansCluster.Cli.Retraining;
using OrleansCluster.Cli.Segments;
using OrleansCluster.Families;
using OrleansCluster.Silo.Clustering;

namespace OrleansCluster.Cli.Commands;

/// <summary>The commands as the user types them. Building the tree starts no silo, so that help is immediate.</summary>
internal static class CommandTree
{
    /// <summary>Parses and carries out a command line.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="families">What can be trained; null: what is built in.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(string[] args, FamilyRegistry? families = null)
    {
        RootCommand root = Create(families);
        // "help models list" is how others ask for what "models list --help" shows.
        string[] words = args is ["help", .. var asked] ? [.. asked, "--help"] : args;
        ParseResult parsed = root.Parse(words, new ParserConfiguration { ResponseFileTokenReplacer = null });
        // Help for a command that does not exist would be that of another one.
        if (parsed.UnmatchedTokens.Count > 0 || (parsed.Errors.Count > 0 && parsed.Action is not HelpAction))
        {
            // A command that only groups others was typed alone: its help says how to go on.
            if (parsed.CommandResult.Command.Subcommands.Count > 0 && parsed.UnmatchedTokens.Count == 0 && args.Length > 0 && IsBare(parsed))
            {
                new HelpAction().Invoke(parsed);
                return ExitCode.Usage;
            }

            await Console.Error.WriteLineAsync($"error: {Secrets.Hide(Mistakes.Explain(parsed))}").ConfigureAwait(false);
            await Console.Error.WriteLineAsync($"Try: {CommandLineName.Value} {$"{Mistakes.Path(parsed.CommandResult)} --help".TrimStart()}")
                .ConfigureAwait(false);
            return ExitCode.Usage;
        }

        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            // Signals are answered by the commands themselves, which know what must be saved.
            ProcessTerminationTimeout = null,
        }).ConfigureAwait(false);
    }

    /// <summary>The whole tree.</summary>
    public static RootCommand Create(FamilyRegistry? families = null)
    {
        families ??= FamilyRegistry.Standard;
        var root = new ClusterCommand(families)
        {
            DemoCommand.Create(),
            DatasetsCommands.Create(),
            TrainCommand.Create(families),
            RetrainCommand.Create(),
            AssignCommand.Create(),
            ScoreCommand.Create(),
            ExplainCommand.Create(),
            SampleCommand.Create(),
            EvaluateCommand.Create(),
            ModelsCommands.Create(),
            ReportCommand.Create(),
            FamiliesCommands.Create(),
            RouteCommand.Create(),
            MonitorCommand.Create(),
            RetrainingCommand.Create(),
            AlertsCommand.Create(),
            SegmentsCommand.Create(),
            JobsCommands.Create(),
            TenantsCommands.Create(),
            KeysCommands.Create(),
            AuditCommands.Create(),
        };
        foreach (Command command in ClusterSupport.Commands())
            root.Subcommands.Add(command);
        root.Options.Add(root.Globals.Home);
        root.Options.Add(root.Globals.Cluster);
        root.Options.Add(root.Globals.Server);
        root.Options.Add(root.Globals.KeyFile);
        root.Options.Add(root.Globals.Tenant);
        root.Options.Add(root.Globals.Report);
        root.Options.Add(root.Globals.Threads);
        root.Options.Add(root.Globals.Verbose);
        root.SetAction(parsed => new HelpAction().Invoke(parsed));
        return root;
    }

    private static bool IsBare(ParseResult parsed) =>
        parsed.CommandResult.Children.All(child => child is not CommandResult) && parsed.Errors.Count == 1 && parsed.CommandResult.Tokens.Count == 0;
}
