using System.CommandLine;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Commands;

/// <summary>The arguments that every <c>train</c> command has.</summary>
internal sealed class TrainingArguments
{
    private readonly Option<string?> _model = new("--model") { Description = "Model to publish a new version of [default: the dataset's name]", HelpName = "NAME" };
    private readonly Option<string?> _export = ExportOption.Create();
    private readonly Option<string> _init;
    private readonly ClusterRange _range;
    private readonly Option<int?> _restarts;
    private readonly Option<int> _maxIterations;
    private readonly Option<double> _tolerance;
    private readonly Option<ulong> _seed = OptionKinds.Seed("--seed", "Seed of everything random");
    private readonly RowOptions _rows;

    private readonly Option<string?> _weights;

    private readonly Option<string> _data = new("--data")
    {
        Description = $"Rows to train on: {RowOptions.Inputs}; or a dataset, NAME or NAME@VERSION. A file is imported as a dataset of its name",
        HelpName = "FILE|DATASET",
        Required = true,
    };

    /// <summary>Adds the arguments to a command.</summary>
    /// <param name="command">Which trains.</param>
    /// <param name="range">Its number of clusters.</param>
    /// <param name="init">How it starts.</param>
    /// <param name="defaults">Options as they are when not given.</param>
    /// <param name="restarts">What is best of several starts.</param>
    /// <param name="tolerance">What the tolerance means.</param>
    public TrainingArguments(Command command, ClusterRange range, Option<string> init, ITrainingOptions defaults, string restarts, string tolerance)
    {
        (_init, _range) = (init, range);
        _restarts = OptionKinds.Integer("--restarts", $"{restarts} [default: {defaults.Restarts}; {ClusterRange.StartsOfEach} for each of several K]", 1, 1_000_000);
        _maxIterations = OptionKinds.Integer("--max-iterations", "Most iterations of a restart", defaults.MaxIterations, 1, 1_000_000_000);
        _weights = OptionKinds.OptionalChoice(
            "--weights",
            "What the weights of rows mean to criteria: how many equal rows each is, or only how rows compare, whatever the sum [default: count, unless the sum is less than the rows]",
            "count",
            "relative");
        _tolerance = OptionKinds.NonNegative("--tolerance", tolerance, defaults.Tolerance);
        foreach (Option option in (Option[])[_data, .. range.Options, _model, init, _restarts, _maxIterations, _tolerance, _seed, _weights])
            command.Add(option);
        _rows = RowOptions.AddTo(command, stores: true);
        command.Add(_export);
    }

    /// <summary>The rows that the training starts from, once they are read; null: none are given.</summary>
    public StartRows? Start { get; private set; }

    /// <exception cref="CommandException">There are no such rows, or options of files are given for a dataset.</exception>
    public DataArgument Data(ParseResult parsed)
    {
        Datasets.ReadOptions read = _rows.Read(parsed);
        DataArgument data = DataArgument.Parse(parsed.GetRequiredValue(_data), read);
        data.RefuseFileOptions(read with { Columns = null });
        return data;
    }

    public string Init(ParseResult parsed) => parsed.GetRequiredValue(_init);

    /// <summary>The numbers of clusters.</summary>
    /// <exception cref="CommandException">It is neither a number nor several.</exception>
    public ClusterCounts Range(ParseResult parsed) => _range.Read(parsed);

    /// <summary>What the rows' weights mean; empty: it was not said.</summary>
    public string Weights(ParseResult parsed) => parsed.GetValue(_weights) ?? "";

    /// <summary>What chooses among several numbers of clusters.</summary>
    public string Select(ParseResult parsed) => _range.Select(parsed);

    public int Restarts(ParseResult parsed) => parsed.GetValue(_restarts) ?? (_range.Read(parsed).Largest == 0 ? 1 : ClusterRange.StartsOfEach);

    /// <summary>Reads a file of k rows that the training starts from.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="option">The option that names the file.</param>
    /// <param name="file">The file.</param>
    /// <exception cref="CommandException">It has not k rows, or there are several k.</exception>
    public StartRows ReadStart(ParseResult parsed, string option, string file)
    {
        ClusterCounts counts = Range(parsed);
        if (counts.Largest != 0)
            throw CommandException.Usage($"{option} {file} fixes the number of clusters: give one number instead of --k {counts}.");
        if (Datasets.InputName.IsStandardInput(file) && Datasets.InputName.IsStandardInput(parsed.GetRequiredValue(_data)))
            throw CommandException.Usage($"--data and {option} are both standard input, which can be read only once: give one of them as a file.");
        return Start = StartRows.Read(file, counts.K, option);
    }

    public int MaxIterations(ParseResult parsed) => parsed.GetValue(_maxIterations);

    public double Tolerance(ParseResult parsed) => parsed.GetValue(_tolerance);

    public ulong Seed(ParseResult parsed) => parsed.GetValue(_seed);

    public string? Export(ParseResult parsed) => parsed.GetValue(_export);

    /// <summary>The model to publish to; null: the dataset's name.</summary>
    /// <exception cref="CommandException">Nothing can have that name.</exception>
    public string? Model(ParseResult parsed)
    {
        if (parsed.GetValue(_model) is not { } name)
            return null;
        return name.Contains('@', StringComparison.Ordinal)
            ? throw CommandException.Usage($"--model {name} names a version: training always publishes the next one. Give the name alone.")
            : Names.Check("model", name);
    }
}
