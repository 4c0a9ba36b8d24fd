using System.CommandLine;
using OrleansCluster.Datasets;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>train gmm</c>.</summary>
internal static class TrainMixtureCommand
{
    private static readonly MixtureOptions Defaults = new() { K = 1 };

    private static readonly ClusterRange Range = new(
        "components",
        "What chooses among several K: the least BIC, AIC or ICL, or the greatest likelihood of rows that are held out of the fits; then the K chosen is trained on all rows",
        Defaults,
        "bic",
        "aic",
        "icl",
        "held-out");

    private static readonly Option<double> HeldOut = OptionKinds.NonNegative("--held-out", "Share of the rows that --select held-out leaves out of the fits, above 0 and below 1", Defaults.HeldOut);

    private static readonly Option<string> Covariance = OptionKinds.Choice(
        "--covariance", "Form of the covariances: one matrix each, one for all, a variance each column, or one variance", Defaults.Covariance, "full", "tied", "diag", "spherical");

    private static readonly Option<string> Init = OptionKinds.Choice(
        "--init", "Start: the clusters of a k-means run, the rows nearest to k-means++ seeds, or random responsibilities", Defaults.Init, "kmeans", "k-means++", "random");

    private static readonly Option<string?> InitMeans = new("--init-means") { Description = "Start from the k rows of a file as means, instead of --init; needs --init-covariance", HelpName = "FILE.npy" };

    private static readonly Option<string?> InitCovariance = OptionKinds.OptionalChoice(
        "--init-covariance", "Covariances to start from with --init-means: global is the columns' variances over all rows, with equal weights", "global");

    private static readonly Option<double> Regularization = OptionKinds.NonNegative(
        "--regularization", "Least variance of a component in any direction, as a fraction of the columns' variances; 0: no floor", Defaults.Regularization);

    private static readonly Option<string> Collapse = OptionKinds.Choice("--collapse", "What happens to a component that collapses onto a point or loses its rows", Defaults.Collapse, "reseed", "drop", "fail");
    private static readonly Option<double> Contamination = OptionKinds.NonNegative("--contamination", "Share of the rows that the model's threshold flags as anomalies, below 1", Defaults.Contamination);

    public static Command Create()
    {
        var command = new Command("gmm", "Train a Gaussian mixture by EM and publish a new version of a model");
        var arguments = new TrainingArguments(
            command,
            Range,
            Init,
            Defaults,
            "Starts to try; the one with the greatest likelihood is kept",
            "Stop when an iteration gains less than X in mean log-likelihood; 0: when it gains nothing");
        foreach (Option option in new Option[] { HeldOut, Covariance, InitMeans, InitCovariance, Regularization, Collapse, Contamination })
            command.Add(option);
        return command.Runs((context, parsed) => TrainCommand.RunAsync(context, parsed, arguments, request => request with { Mixture = Options(parsed, arguments) }));
    }

    private static MixtureOptions Options(ParseResult parsed, TrainingArguments arguments)
    {
        Range.Check(parsed, HeldOut);
        ClusterCounts counts = arguments.Range(parsed);
        var options = new MixtureOptions
        {
            K = counts.K,
            LargestK = counts.Largest,
            Numbers = counts.Numbers,
            Weights = arguments.Weights(parsed),
            Select = arguments.Select(parsed),
            HeldOut = parsed.GetValue(HeldOut),
            Covariance = parsed.GetRequiredValue(Covariance),
            Init = arguments.Init(parsed),
            Restarts = arguments.Restarts(parsed),
            MaxIterations = arguments.MaxIterations(parsed),
            Tolerance = arguments.Tolerance(parsed),
            Seed = arguments.Seed(parsed),
            Regularization = parsed.GetValue(Regularization),
            Collapse = parsed.GetRequiredValue(Collapse),
            Contamination = parsed.GetValue(Contamination),
        };
        if (options.Select != "held-out" && parsed.GetResult(HeldOut) is { Implicit: false })
            throw CommandException.Usage($"--held-out is for --select held-out, not for {options.Select}: leave one of them out.");
        string? means = parsed.GetValue(InitMeans), covariance = parsed.GetValue(InitCovariance);
        if (means is null)
            return covariance is null ? options : throw CommandException.Usage("--init-covariance says where given means start: give --init-means too.");
        if (parsed.GetResult(Init) is { Implicit: false })
            throw CommandException.Usage("--init and --init-means are two ways to start: leave one of them out.");
        if (covariance is null)
            throw CommandException.Usage("--init-means needs covariances too: add --init-covariance global.");
        if (!InputName.Exists(means))
            throw CommandException.Usage($"There is no file {means}.");
        return options with { Init = "given", InitialMeans = arguments.ReadStart(parsed, "--init-means", means).Values };
    }
}
