using System.CommandLine;
using OrleansCluster.Datasets;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>train kmeans</c>.</summary>
internal static class TrainKMeansCommand
{
    private static readonly KMeansOptions Defaults = new() { K = 1 };

    private static readonly ClusterRange Range = new(
        "clusters",
        "What chooses among several K: the mean silhouette, the Calinski-Harabasz or the Davies-Bouldin index, or the elbow of the inertia, where it lies farthest below its chord",
        Defaults,
        "silhouette",
        "calinski-harabasz",
        "davies-bouldin",
        "elbow");

    private static readonly Option<int> SilhouetteRows = OptionKinds.Integer(
        "--silhouette-rows", "Rows of the sample whose silhouettes are taken when choosing among several K", Defaults.SilhouetteRows, 2, 100_000);

    private static readonly Option<string> Empty = OptionKinds.Choice("--empty", "What happens to a cluster that loses all its rows", Defaults.Empty, "relocate", "drop", "fail");
    private static readonly Option<bool> Plain = new("--plain") { Description = "Without acceleration: the same result from more distances" };

    private static readonly Option<string> Init = new("--init")
    {
        Description = "Start: parallel (k-means||), k-means++, random, or a file of k rows of centres",
        HelpName = "parallel|k-means++|random|FILE.npy",
        DefaultValueFactory = _ => Defaults.Init,
    };

    public static Command Create()
    {
        var command = new Command("kmeans", "Train k-means and publish a new version of a model");
        var arguments = new TrainingArguments(
            command,
            Range,
            Init,
            Defaults,
            "Starts to try; the one with the least objective is kept",
            "Stop when the squared shift of all centres is at most X times the columns' mean variance; 0: when no row moves");
        command.Add(Empty);
        command.Add(Plain);
        command.Add(SilhouetteRows);
        return command.Runs((context, parsed) => TrainCommand.RunAsync(context, parsed, arguments, request => request with { KMeans = Options(parsed, arguments) }));
    }

    private static KMeansOptions Options(ParseResult parsed, TrainingArguments arguments)
    {
        Range.Check(parsed, SilhouetteRows);
        ClusterCounts counts = arguments.Range(parsed);
        var options = new KMeansOptions
        {
            K = counts.K,
            LargestK = counts.Largest,
            Numbers = counts.Numbers,
            Weights = arguments.Weights(parsed),
            Select = arguments.Select(parsed),
            SilhouetteRows = parsed.GetValue(SilhouetteRows),
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
        if (!InputName.Exists(options.Init))
            throw CommandException.Usage($"--init {options.Init} is none of parallel, k-means++ and random, and there is no such file.");
        return options with { Init = "given", InitialCentroids = arguments.ReadStart(parsed, "--init", options.Init).Values };
    }
}
