using System.CommandLine;
using OrleansCluster.Cli.Input;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Cli.Commands;

/// <summary>The options that say how to read a file.</summary>
internal sealed class RowOptions
{
    /// <summary>What is said of an option that names rows.</summary>
    public const string Inputs = "files (text, .npy, .npz, Parquet, Arrow, JSON lines, svmlight; .gz and .zst too), a pipe, - for standard input, or "
        + "postgres://…?table=NAME";

    private readonly Option<string?> _columns = new("--columns")
    {
        Description = "Value columns: names, positions from 0 and ranges, such as x,y or 0..3,7 [default: all but the id and weight columns]",
        HelpName = "LIST",
    };
    private readonly Option<string?> _id =
        new("--id-column") { Description = "Column carried along as the rows' id [default: the row names that R and pandas write]", HelpName = "C" };
    private readonly Option<string?> _weight =
        new("--weight-column") { Description = "Column of the rows' weights [default: every row weighs 1]", HelpName = "C" };
    private readonly Option<string?> _dtype =
        OptionKinds.OptionalChoice("--dtype", "How values are stored [default: as a .npy has them, text as f8]", "f4", "f8");

    private readonly Option<string?> _delimiter = new("--delimiter")
    {
        Description = "What separates the cells of a text: comma, tab, semicolon, space or any character [default: detected]",
        HelpName = "C",
    };
    private readonly Option<string?> _header =
        OptionKinds.OptionalChoice("--header", "Whether the first line of a text names the columns [default: detected]", "yes", "no");

    private readonly Option<string?> _comment = new("--comment")
    {
        Description = "Lines of a text that begin with this character are passed over [default: those with # or % before the first row]",
        HelpName = "C",
    };

    private readonly Option<int> _skip = OptionKinds.Integer("--skip", "Lines at the beginning of a text that are passed over", 0, 0, int.MaxValue);

    private readonly Option<string?> _decimal =
        OptionKinds.OptionalChoice("--decimal", "What a text writes between the whole of a number and its fraction [default: point]", "point", "comma");

    private readonly Option<string?> _thousands = OptionKinds.OptionalChoice("--thousands", "What a text writes between groups of three digits [default: none]",
        "comma", "point", "space", "apostrophe", "underscore");

    private readonly Option<string?> _dates = OptionKinds.OptionalChoice("--dates",
        "Order of dates as 31/01/2024 (dmy) or 01/31/2024 (mdy); those as 2024-01-31 are read in any case", "dmy", "mdy");

    private readonly Option<string?> _indices =
        OptionKinds.OptionalChoice("--indices", "Whether indices of svmlight rows count from zero or one [default: from zero where any is 0]", "zero", "one");

    private readonly Option<int?> _features = new("--features")
    {
        Description = "Columns of svmlight rows, 1 to 262144, also such as no row has a value in [default: as the greatest index says]",
        HelpName = "N",
    };

    private readonly Option<bool> _dense = new("--dense")
    {
        Description = "Store svmlight rows with their zeros, like all others [default: without]",
    };

    private readonly Option<string?> _types = new("--types")
    {
        Description = "What columns hold: number, category, boolean or datetime, such as when=datetime,zip=category, or a JSON file of them, @FILE "
            + "[default: as the file says, or its first 1,000 rows show]",
        HelpName = "C=TYPE,…|@FILE",
    };

    private readonly Option<bool> _byPosition = new("--by-position")
    {
        Description = "Take the columns for the model's in their order, whatever they are called [default: they are found by their names]",
    };

    private readonly Option<long?> _limit = new("--limit") { Description = "Most rows that are read [default: all]", HelpName = "N" };

    private readonly Option<string[]> _where = new("--where")
    {
        Description = "Read only rows for which this holds: 'COLUMN OP VALUE' with =, !=, <, <=, > or >=, 'COLUMN is missing' or 'COLUMN is not missing'; "
            + "repeat it for more",
        HelpName = "CONDITION",
    };

    /// <summary>Whether rows are imported, and may be stored sparse.</summary>
    private bool _stores;

    /// <summary>The model that a command asks.</summary>
    public static Option<string> AskedModel() => new("--model")
    {
        Description = "Model, and which version of it: a number, an alias or newest [default: the champion, else the newest]",
        HelpName = "NAME[@VERSION]",
        Required = true,
    };

    /// <summary>The rows that a command asks about.</summary>
    /// <param name="what">What it does with them: assign.</param>
    public static Option<string> AskedRows(string what) => new Option<string>("--data")
    {
        Description = $"Rows to {what}: {Inputs}; or a dataset, NAME or NAME@VERSION",
        HelpName = "FILE|DATASET",
        Required = true,
    }.TakingSeveral();

    /// <summary>Which columns of the rows are written again beside the answers.</summary>
    public static Option<string?> KeptColumns() => new("--keep-columns")
    {
        Description = "Write these columns of the rows, too, beside the answers in --out: names, positions from 0 and ranges [default, where none is listed: "
            + "all]",
        HelpName = "LIST",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>Adds the options to a command that imports rows, or to one that only asks a model about them.</summary>
    public static RowOptions AddTo(Command command, bool stores)
    {
        var options = new RowOptions { _stores = stores };
        command.Add(options._columns);
        if (!stores)
            command.Add(options._byPosition);
        command.Add(options._id);
        if (stores)
        {
            command.Add(options._weight);
            command.Add(options._dtype);
            command.Add(options._dense);
        }

        command.Add(options._types);
        command.Add(options._delimiter);
        command.Add(options._decimal);
        command.Add(options._thousands);
        command.Add(options._dates);
        command.Add(options._header);
        command.Add(options._comment);
        command.Add(options._skip);
        command.Add(options._indices);
        command.Add(options._features);
        command.Add(options._where);
        command.Add(options._limit);
        return options;
    }

    /// <summary>What was asked for; a new <see cref="ReadOptions"/> when nothing was.</summary>
    public ReadOptions Read(ParseResult parsed) => new()
    {
        Columns = parsed.GetValue(_columns),
        IdColumn = parsed.GetValue(_id),
        WeightColumn = parsed.GetResult(_weight) is null ? null : parsed.GetValue(_weight),
        Precision = (parsed.GetResult(_dtype) is null ? null
            : parsed.GetValue(_dtype)) switch
        { "f4" => Precision.Float32, "f8" => Precision.Float64, _ => null },
        Types = parsed.GetValue(_types),
        Delimiter = Character(_delimiter.Name, parsed.GetValue(_delimiter)),
        Forms = WrittenForms.Of(parsed.GetValue(_decimal), parsed.GetValue(_thousands), parsed.GetValue(_dates)),
        Header = parsed.GetValue(_header) switch { "yes" => true, "no" => false, _ => null },
        Comment = Character(_comment.Name, parsed.GetValue(_comment)),
        Skip = parsed.GetValue(_skip),
        ZeroBased = parsed.GetValue(_indices) switch { "zero" => true, "one" => false, _ => null },
        Features = parsed.GetValue(_features) is { } features
            ? features > 0 ? features : throw CommandException.Usage($"--features {features}: give 1 or more.") : null,
        Sparse = _stores && !parsed.GetValue(_dense),
        SaidDense = _stores && parsed.GetValue(_dense),
        HasFeatures = parsed.GetValue(_features) is not null,
        Where = parsed.GetValue(_where) ?? [],
        Limit = parsed.GetValue(_limit) is { } most ? most > 0 ? most : throw CommandException.Usage($"--limit {most}: give 1 or more.") : null,
    };

    /// <summary>The rows that a model is asked about.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="data">The file or dataset.</param>
    /// <param name="keep">Says which columns are written again; null: there is no such option.</param>
    public RowQuery Query(ParseResult parsed, string data, Option<string?>? keep = null) =>
        new(data, Read(parsed), parsed.GetValue(_byPosition), keep is null || parsed.GetResult(keep) is null ? null : parsed.GetValue(keep) ?? "");

    private static char? Character(string option, string? text) => text is null ? null
        : TextDelimiter.Parse(text)
            ?? throw CommandException.Usage($"{option} {text} is none of comma, tab, semicolon, space, and no other single ASCII character.");
}
