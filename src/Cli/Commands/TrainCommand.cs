using System.CommandLine;
using System.Diagnostics;
using OrleansCluster.Cli.Export;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Datasets;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>train kmeans</c>.</summary>
internal static class TrainCommand
{
    private static readonly KMeansOptions Defaults = new() { K = 1 };

    private static readonly Option<string> Data = new("--data")
    {
        Description = "Rows to train on: a file (text or .npy, .gz too) or a dataset, NAME or NAME@VERSION. A file is imported as a dataset of its name",
        HelpName = "FILE|DATASET",
        Required = true,
    };

    private static readonly Option<int?> K = OptionKinds.Integer("--k", "Number of clusters", 1);
    private static readonly Option<string?> ModelName = new("--model") { Description = "Model to publish a new version of [default: the dataset's name]", HelpName = "NAME" };

    private static readonly Option<string> Init = new("--init")
    {
        Description = "Start: parallel (k-means||), k-means++, random, or a file of k rows of centres",
        HelpName = "parallel|k-means++|random|FILE.npy",
        DefaultValueFactory = _ => Defaults.Init,
    };

    private static readonly Option<int> Restarts = OptionKinds.Integer("--restarts", "Starts to try; the one with the least objective is kept", Defaults.Restarts, 1, 1_000_000);
    private static readonly Option<int> MaxIterations = OptionKinds.Integer("--max-iterations", "Most iterations of a restart", Defaults.MaxIterations, 1, 1_000_000_000);
    private static readonly Option<double> Tolerance = OptionKinds.NonNegative("--tolerance", "Stop when the squared shift of all centres is at most X times the columns' mean variance; 0: when no row moves", Defaults.Tolerance);
    private static readonly Option<ulong> Seed = OptionKinds.Seed("--seed", "Seed of everything random");
    private static readonly Option<string> Empty = OptionKinds.Choice("--empty", "What happens to a cluster that loses all its rows", Defaults.Empty, "relocate", "drop", "fail");
    private static readonly Option<bool> Plain = new("--plain") { Description = "Without acceleration: the same result from more distances" };
    private static readonly Option<string?> Export = ExportOption.Create();

    static TrainCommand()
    {
        K.Required = true;
        K.HelpName = "K";
    }

    public static Command Create()
    {
        var kmeans = new Command("kmeans", "Train k-means and publish a new version of a model") { Data, K, ModelName, Init, Restarts, MaxIterations, Tolerance, Seed };
        RowOptions rows = RowOptions.AddTo(kmeans, stores: true);
        kmeans.Add(Empty);
        kmeans.Add(Plain);
        kmeans.Add(Export);
        return new Command("train", "Train a model") { kmeans.Runs((context, parsed) => RunAsync(context, parsed, rows.Read(parsed))) };
    }

    private static async Task<int> RunAsync(CommandContext context, ParseResult parsed, ReadOptions read)
    {
        DataArgument data = DataArgument.Parse(parsed.GetRequiredValue(Data), read);
        KMeansOptions options = Options(parsed);
        ExportFolder? export = ExportFolder.Prepare(parsed.GetValue(Export));
        string? model = Model(parsed);

        await using Session session = await context.OpenAsync().ConfigureAwait(false);
        long started = Stopwatch.GetTimestamp();
        Imported imported = await data.ResolveAsync(context, session.Client).ConfigureAwait(false);
        double importSeconds = data.IsFile ? Stopwatch.GetElapsedTime(started).TotalSeconds : 0;
        DatasetVersion dataset = imported.Dataset;
        string job = await StartAsync(context, session, new TrainingRequest
        {
            Dataset = dataset.Name,
            DatasetVersion = dataset.Version,
            Model = model ?? dataset.Name,
            KMeans = options,
        }).ConfigureAwait(false);
        TrainingReport report = await JobRun.FinishAsync(context, session.Client, job).ConfigureAwait(false);
        if (export is not null)
            await export.WriteAsync(context, session.Client, report).ConfigureAwait(false);
        await TrainingOutput.WriteAsync(context, session.Client, report, imported.Sample, importSeconds).ConfigureAwait(false);
        return ExitCode.Success;
    }

    private static async Task<string> StartAsync(CommandContext context, Session session, TrainingRequest request)
    {
        try
        {
            string job = await session.Client.Jobs.StartAsync(request, context.Cancellation).ConfigureAwait(false);
            Terminal.Say($"job {job}");
            return job;
        }
        catch (ClusteringException refused) when (refused.InnerException is not (IOException or UnauthorizedAccessException))
        {
            throw CommandException.Usage(refused.Message, refused);
        }
    }

    private static string? Model(ParseResult parsed)
    {
        if (parsed.GetValue(ModelName) is not { } name)
            return null;
        return name.Contains('@', StringComparison.Ordinal)
            ? throw CommandException.Usage($"--model {name} names a version: training always publishes the next one. Give the name alone.")
            : Names.Check("model", name);
    }

    private static KMeansOptions Options(ParseResult parsed)
    {
        int k = parsed.GetValue(K) ?? throw CommandException.Usage("--k is missing: say how many clusters.");
        var options = new KMeansOptions
        {
            K = k,
            Init = parsed.GetRequiredValue(Init),
            Restarts = parsed.GetValue(Restarts),
            MaxIterations = parsed.GetValue(MaxIterations),
            Tolerance = parsed.GetValue(Tolerance),
            Seed = parsed.GetValue(Seed),
            Empty = parsed.GetRequiredValue(Empty),
            Plain = parsed.GetValue(Plain),
        };
        if (options.Init is "parallel" or "k-means++" or "random")
            return options;
        if (!File.Exists(options.Init))
            throw CommandException.Usage($"--init {options.Init} is none of parallel, k-means++ and random, and there is no such file.");
        return options with { Init = "given", InitialCentroids = CentroidFile.Read(options.Init, k) };
    }
}
