using System.CommandLine;
using System.Globalization;
using OrleansCluster.Cli.Input;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>train gmm</c>.</summary>
internal static class TrainMixtureCommand
{
    private static readonly MixtureOptions Defaults = new() { K = 1 };

    private static readonly Option<string> K = new("--k") { Description = "Number of components, or a range of which --select chooses", HelpName = "K|A..B", Required = true };

    private static readonly Option<string> Select = OptionKinds.Choice("--select", "Criterion that chooses among several K; of each, less is better", Defaults.Select, "bic", "aic", "icl");

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
            K,
            Init,
            Defaults,
            "Starts to try; the one with the greatest likelihood is kept",
            "Stop when an iteration gains less than X in mean log-likelihood; 0: when it gains nothing");
        foreach (Option option in new Option[] { Select, Covariance, InitMeans, InitCovariance, Regularization, Collapse, Contamination })
            command.Add(option);
        return command.Runs((context, parsed) => TrainCommand.RunAsync(context, parsed, arguments, request => request with { Mixture = Options(parsed, arguments) }));
    }

    private static MixtureOptions Options(ParseResult parsed, TrainingArguments arguments)
    {
        (int k, int largest) = Range(parsed.GetRequiredValue(K));
        if (largest == 0 && parsed.GetResult(Select) is { Implicit: false })
            throw CommandException.Usage($"--select chooses among several numbers of components, but --k {k} is one: give a range, as in --k 1..{k}.");
        var options = new MixtureOptions
        {
            K = k,
            LargestK = largest,
            Select = parsed.GetRequiredValue(Select),
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
        string? means = parsed.GetValue(InitMeans), covariance = parsed.GetValue(InitCovariance);
        if (means is null)
            return covariance is null ? options : throw CommandException.Usage("--init-covariance says where given means start: give --init-means too.");
        if (parsed.GetResult(Init) is { Implicit: false })
            throw CommandException.Usage("--init and --init-means are two ways to start: leave one of them out.");
        if (covariance is null)
            throw CommandException.Usage("--init-means needs covariances too: add --init-covariance global.");
        if (!File.Exists(means))
            throw CommandException.Usage($"There is no file {means}.");
        if (largest > 0)
            throw CommandException.Usage($"--init-means fixes the number of components: give one number instead of --k {k}..{largest}.");
        return options with { Init = "given", InitialMeans = CentroidFile.Read(means, k, "--init-means") };
    }

    /// <summary>The smallest and the largest number; the largest is 0 when there is one alone.</summary>
    private static (int K, int Largest) Range(string text)
    {
        string[] ends = text.Split("..");
        int[] numbers = [.. ends.Select(end => int.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : 0)];
        return numbers switch
        {
            [> 0] => (numbers[0], 0),
            [> 0, > 0] when numbers[1] > numbers[0] => (numbers[0], numbers[1]),
            _ => throw CommandException.Usage($"--k {text} is neither a number of components from 1 nor a range of them, as in 1..20."),
        };
    }
}
