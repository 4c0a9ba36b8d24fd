using System.CommandLine;
using OrleansCluster.Cli.Export;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Families;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Commands;

/// <summary>The arguments of a command that trains a family: what every one has, and the family's options.</summary>
internal sealed class TrainingArguments
{
    private readonly Option<string?> _model =
        new("--model") { Description = "Model to publish a new version of [default: the dataset's name]", HelpName = "NAME" };
    private readonly Option<string?> _export = ExportOption.Create();
    private readonly Option<bool> _plan = PlanOutput.Option();
    private readonly Option<string?> _out = TrainedLabels.Option();
    private readonly Option<string?> _prepare = new("--prepare")
    {
        Description = "What is done to rows before the model sees them, in order: impute=median,scale=standard,onehot=country:20,pca=0.95; for some columns "
            + "as in scale=robust:age+income; "
            + "or a JSON or YAML file of steps [default: columns that are no numbers are left out]",
        HelpName = "STEPS|FILE",
    };

    private readonly FamilyOptions _family;
    private readonly RowOptions _rows;

    private readonly Option<string> _data = new Option<string>("--data")
    {
        Description = $"Rows to train on: {RowOptions.Inputs}; or a dataset, NAME or NAME@VERSION. A file is imported as a dataset of its name",
        HelpName = "FILE|DATASET",
        Required = true,
    }.TakingSeveral();

    /// <summary>Adds the arguments to a command.</summary>
    public TrainingArguments(Command command, FamilyDescription family)
    {
        _family = new FamilyOptions(family);
        foreach (Option option in (Option[])[_data, _model, _prepare, .. _family.All])
            command.Add(option);
        _rows = RowOptions.AddTo(command, stores: true);
        command.Add(_out);
        command.Add(_plan);
        command.Add(_export);
    }

    /// <summary>The rows that the training starts from, once they are read; null: none are given.</summary>
    public StartRows? Start { get; private set; }

    /// <exception cref="CommandException">There are no such rows, or options of files are given for a dataset.</exception>
    public DataArgument Data(ParseResult parsed)
    {
        PreparationSpec preparation = Preparation(parsed);
        Datasets.ReadOptions read = _rows.Read(parsed) with { Typed = true, AllowsMissing = preparation.Steps.Any(step => step.Kind == "impute") };
        // Rows are prepared with their zeros.
        if (!preparation.Steps.IsEmpty)
            read = read with { Sparse = false };
        DataArgument data = DataArgument.Parse(parsed.GetRequiredValue(_data), read);
        data.RefuseFileOptions(read with { Columns = null });
        return data;
    }

    /// <inheritdoc cref="FamilyOptions.Read"/>
    public ITrainingOptions Options(ParseResult parsed)
    {
        (ITrainingOptions options, Start) = _family.Read(parsed, parsed.GetRequiredValue(_data));
        return options;
    }

    /// <summary>What is done to rows first.</summary>
    /// <exception cref="CommandException">It is not written so that it can be read.</exception>
    public PreparationSpec Preparation(ParseResult parsed) => PreparationArgument.Read(parsed.GetValue(_prepare));

    /// <summary>Whether the plan is all that is wanted.</summary>
    public bool PlanOnly(ParseResult parsed) => parsed.GetValue(_plan);

    /// <summary>The file for the clusters of all rows; null: none.</summary>
    /// <exception cref="CommandException">Its ending says no format.</exception>
    /// <exception cref="IOException">It cannot be made.</exception>
    public string? Out(ParseResult parsed)
    {
        string? path = parsed.GetValue(_out);
        TrainedLabels.Check(path);
        return path;
    }

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
