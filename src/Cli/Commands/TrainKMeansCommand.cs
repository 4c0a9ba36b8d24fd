using System.CommandLine;
using OrleansCluster.Cli.Input;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>train kmeans</c>.</summary>
internal static class TrainKMeansCommand
{
    private static readonly KMeansOptions Defaults = new() { K = 1 };

    private static readonly Option<int?> K = OptionKinds.Integer("--k", "Number of clusters", 1);
    private static readonly Option<string> Empty = OptionKinds.Choice("--empty", "What happens to a cluster that loses all its rows", Defaults.Empty, "relocate", "drop", "fail");
    private static readonly Option<bool> Plain = new("--plain") { Description = "Without acceleration: the same result from more distances" };

    private static readonly Option<string> Init = new("--init")
    {
        Description = "Start: parallel (k-means||), k-means++, random, or a file of k rows of centres",
        HelpName = "parallel|k-means++|random|FILE.npy",
        DefaultValueFactory = _ => Defaults.Init,
    };

    static TrainKMeansCommand()
    {
        K.Required = true;
        K.HelpName = "K";
    }

    public static Command Create()
    {
        var command = new Command("kmeans", "Train k-means and publish a new version of a model");
        var arguments = new TrainingArguments(
            command,
            K,
            Init,
            Defaults,
            "Starts to try; the one with the least objective is kept",
            "Stop when the squared shift of all centres is at most X times the columns' mean variance; 0: when no row moves");
        command.Add(Empty);
        command.Add(Plain);
        return command.Runs((context, parsed) => TrainCommand.RunAsync(context, parsed, arguments, request => request with { KMeans = Options(parsed, arguments) }));
    }

    private static KMeansOptions Options(ParseResult parsed, TrainingArguments arguments)
    {
        int k = parsed.GetValue(K) ?? throw CommandException.Usage("--k is missing: say how many clusters.");
        var options = new KMeansOptions
        {
            K = k,
            Init = arguments.Init(parsed),
            Restarts = arguments.Restarts(parsed),
            MaxIterations = arguments.MaxIterations(parsed),
            Tolerance = arguments.Tolerance(parsed),
            Seed = arguments.Seed(parsed),
            Empty = parsed.GetRequiredValue(Empty),
            Plain = parsed.GetValue(Plain),
        };
        if (options.Init is "parallel" or "k-means++" or "random")
            return options;
        if (!File.Exists(options.Init))
            throw CommandException.Usage($"--init {options.Init} is none of parallel, k-means++ and random, and there is no such file.");
        return options with { Init = "given", InitialCentroids = CentroidFile.Read(options.Init, k, "--init") };
    }
}
