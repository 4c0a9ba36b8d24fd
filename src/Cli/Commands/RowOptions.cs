using System.CommandLine;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics;

namespace OrleansCluster.Cli.Commands;

/// <summary>The options that say how to read a file.</summary>
internal sealed class RowOptions
{
    private readonly Option<string?> _columns = new("--columns")
    {
        Description = "Value columns: names, positions from 0 and ranges, such as x,y or 0..3,7 [default: all but the id and weight columns]",
        HelpName = "LIST",
    };

    private readonly Option<string?> _id = new("--id-column") { Description = "Column carried along as the rows' id", HelpName = "C" };
    private readonly Option<string?> _weight = new("--weight-column") { Description = "Column of the rows' weights [default: every row weighs 1]", HelpName = "C" };
    private readonly Option<string?> _dtype = OptionKinds.OptionalChoice("--dtype", "How values are stored [default: as a .npy has them, text as f8]", "f4", "f8");

    private readonly Option<string?> _delimiter = new("--delimiter")
    {
        Description = "What separates the cells of a text: comma, tab, semicolon, space or any character [default: detected]",
        HelpName = "C",
    };

    private readonly Option<string?> _header = OptionKinds.OptionalChoice("--header", "Whether the first line of a text names the columns [default: detected]", "yes", "no");

    /// <summary>Adds the options to a command that imports rows, or to one that only looks at them.</summary>
    public static RowOptions AddTo(Command command, bool stores)
    {
        var options = new RowOptions();
        command.Add(options._columns);
        command.Add(options._id);
        if (stores)
        {
            command.Add(options._weight);
            command.Add(options._dtype);
        }

        command.Add(options._delimiter);
        command.Add(options._header);
        return options;
    }

    /// <summary>What was asked for; a new <see cref="ReadOptions"/> when nothing was.</summary>
    public ReadOptions Read(ParseResult parsed) => new()
    {
        Columns = parsed.GetValue(_columns),
        IdColumn = parsed.GetValue(_id),
        WeightColumn = parsed.GetResult(_weight) is null ? null : parsed.GetValue(_weight),
        Precision = (parsed.GetResult(_dtype) is null ? null : parsed.GetValue(_dtype)) switch { "f4" => Precision.Float32, "f8" => Precision.Float64, _ => null },
        Delimiter = Delimiter(parsed.GetValue(_delimiter)),
        Header = parsed.GetValue(_header) switch { "yes" => true, "no" => false, _ => null },
    };

    private static char? Delimiter(string? text) => text switch
    {
        null => null,
        "comma" => ',',
        "tab" => '\t',
        "semicolon" => ';',
        "space" => ' ',
        [var character] when char.IsAscii(character) => character,
        _ => throw CommandException.Usage($"--delimiter {text} is none of comma, tab, semicolon, space, and no single ASCII character."),
    };
}
