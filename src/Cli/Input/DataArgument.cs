using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Client;
using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Input;

/// <summary>What <c>--data</c> names: a file to import, or a dataset.</summary>
internal sealed class DataArgument
{
    private static readonly string[] FileEndings = [".csv", ".tsv", ".txt", ".data", ".dat", ".npy", ".gz"];

    private readonly string _text;
    private readonly ReadOptions _read;

    private DataArgument(string text, ReadOptions read, bool isFile) => (_text, _read, IsFile) = (text, read, isFile);

    /// <summary>Whether it is a file. A file that exists wins over a dataset of the same name.</summary>
    public bool IsFile { get; }

    /// <summary>Decides what <paramref name="text"/> names.</summary>
    /// <exception cref="CommandException">It is a folder, or a file that does not exist, or a dataset of which columns are to be chosen.</exception>
    public static DataArgument Parse(string text, ReadOptions read)
    {
        if (File.Exists(text))
            return new DataArgument(text, read, isFile: true);
        if (Directory.Exists(text))
            throw CommandException.Usage($"{text} is a folder: name a file or a dataset.");
        if (text.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal) || FileEndings.Any(ending => text.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
            throw CommandException.Usage($"There is no file {text}.");
        if (read != new ReadOptions())
            throw CommandException.Usage($"--columns, --id-column, --weight-column, --dtype, --delimiter and --header say how to read a file, but there is no file '{text}' (a dataset keeps what it was imported with).");
        _ = Names.Dataset(text);
        return new DataArgument(text, read, isFile: false);
    }

    /// <summary>The dataset version: imported from the file, or looked up.</summary>
    public async Task<Imported> ResolveAsync(CommandContext context, IClusteringClient client)
    {
        if (!IsFile)
        {
            DatasetReference wanted = Names.Dataset(_text);
            DatasetVersion? found = await client.Datasets.FindAsync(wanted.Name, wanted.Version, context.Cancellation).ConfigureAwait(false);
            return new Imported(found ?? throw CommandException.Usage($"There is neither a file nor a dataset '{_text}'. See: {context.Suggest("datasets list")}"), null);
        }

        if (_text == Path.GetFileName(_text) && await client.Datasets.FindAsync(_text, 0, context.Cancellation).ConfigureAwait(false) is not null)
            Terminal.Say($"note: '{_text}' is both a file and a dataset; the file is read. Write {_text}@1 for a version of the dataset.");
        return await DatasetImporter.ImportAsync(context, client, _text, DatasetName.FromFile(_text), _read).ConfigureAwait(false);
    }
}

/// <summary>A dataset version and, when its rows were just read, some of them.</summary>
internal sealed record Imported(DatasetVersion Dataset, RowSample? Sample);
