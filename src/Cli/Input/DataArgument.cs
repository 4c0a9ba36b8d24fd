using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Client;
using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Input;

/// <summary>What <c>--data</c> names: a file or pipe to read, or a dataset.</summary>
internal sealed class DataArgument
{
    private static readonly string[] FileEndings =
    [
        ".csv", ".tsv", ".txt", ".data", ".dat", ".npy", ".npz", ".parquet", ".arrow", ".arrows", ".feather", ".jsonl", ".ndjson", ".fvecs", ".bvecs", ".ivecs",
        ".gz", ".zst",
    ];

    private readonly string _text;
    private readonly ReadOptions _read;

    private DataArgument(string text, ReadOptions read, bool isFile) => (_text, _read, IsFile) = (text, read, isFile);

    /// <summary>Whether it is a file, a pipe or standard input. A file that exists wins over a dataset of the same name.</summary>
    public bool IsFile { get; }

    /// <summary>Decides what <paramref name="text"/> names.</summary>
    /// <exception cref="CommandException">It is a folder, or a file that does not exist.</exception>
    public static DataArgument Parse(string text, ReadOptions read)
    {
        if (InputName.Exists(text))
            return new DataArgument(text, read, isFile: true);
        if (Directory.Exists(text))
            throw CommandException.Usage($"{text} is a folder: name a file or a dataset.");
        if (text.Contains(InputName.Separator, StringComparison.Ordinal))
            throw CommandException.Usage($"There is no file {text.Split(InputName.Separator).First(one => !InputName.Exists(one))}.");
        if (text.AsSpan().ContainsAny('*', '?'))
            throw CommandException.Usage($"No file matches {text}.");
        if (text.Contains(Path.DirectorySeparatorChar, StringComparison.Ordinal)
            || FileEndings.Any(ending => text.EndsWith(ending, StringComparison.OrdinalIgnoreCase)))
            throw CommandException.Usage($"There is no file {text}.");
        _ = Names.Dataset(text);
        return new DataArgument(text, read, isFile: false);
    }

    /// <summary>Refuses options that say how to read a file where there is none.</summary>
    /// <param name="read">The options, without those that a dataset heeds.</param>
    /// <exception cref="CommandException">One is given.</exception>
    public void RefuseFileOptions(ReadOptions read)
    {
        string[] given =
        [
            .. new (bool Given, string Name)[]
            {
                (read.Columns is not null, "--columns"), (read.IdColumn is not null, "--id-column"), (read.WeightColumn is not null, "--weight-column"),
                (read.Precision is not null, "--dtype"), (read.Types is not null, "--types"), (read.Delimiter is not null, "--delimiter"),
                (read.Header is not null, "--header"), (read.Forms.Decimal != DecimalMark.Point, "--decimal"),
                (read.Forms.Thousands != ThousandsMark.None, "--thousands"), (read.Forms.Dates != DateForm.YearFirst, "--dates"),
                (read.Comment is not null, "--comment"), (read.Skip > 0, "--skip"), (read.Where.Count > 0, "--where"), (read.Limit is not null, "--limit"),
                (read.ZeroBased is not null, "--indices"), (read.HasFeatures, "--features"), (read.SaidDense, "--dense"),
            }.Where(option => option.Given).Select(option => option.Name),
        ];
        if (!IsFile && given.Length > 0)
            throw CommandException.Usage($"{string.Join(" and ", given)} {(given.Length == 1 ? "says" : "say")} how to read a file, and there is no file "
                + $"'{_text}': a dataset keeps what it was imported with. Leave {(given.Length == 1 ? "it" : "them")} out, or name a file.");
    }
    /// <summary>
    /// The dataset version: imported from the file, or looked up; of a dataset of which only some columns are wanted, or in another order, a copy of those.
    /// </summary>
    /// <param name="like">What the rows are to be like; null: whatever there is.</param>
    public async Task<Imported> ResolveAsync(CommandContext context, IClusteringClient client, RowsAlike? like = null)
    {
        if (!IsFile)
        {
            DatasetVersion dataset = await FindAsync(context, client).ConfigureAwait(false);
            int[] columns = Choose(dataset, like);
            return columns.SequenceEqual(Enumerable.Range(0, dataset.Columns.Length))
                ? new Imported(dataset, null)
                : await DatasetImporter.ProjectAsync(context, client, dataset, columns).ConfigureAwait(false);
        }
        if (_text == Path.GetFileName(_text) && _text != InputName.StandardInput && !_text.Contains(InputName.Separator, StringComparison.Ordinal)
            && await client.Datasets.FindAsync(_text, 0, context.Cancellation).ConfigureAwait(false) is not null)
            Terminal.Say($"note: '{_text}' is both a file and a dataset; the file is read. Write {_text}@1 for a version of the dataset.");
        return await DatasetImporter.ImportAsync(context, client, _text, DatasetName.FromFile(_text), _read, like).ConfigureAwait(false);
    }

    private int[] Choose(DatasetVersion dataset, RowsAlike? like)
    {
        string[] names = [.. dataset.Columns.Select(column => column.Name)];
        int[] all = [.. Enumerable.Range(0, names.Length)];
        string table = $"the dataset {dataset.Name}";
        int[]? chosen = _read.Columns is { } list ? ColumnChoice.Find(list, names, table) : null;
        return like is null ? chosen ?? all
            : new ColumnMatch(table, names, hasNames: true, like.Columns) { OffersPositions = false }.Find(chosen, () => all, byPosition: false);
    }

    /// <summary>The dataset version that is named.</summary>
    /// <exception cref="CommandException">There is none.</exception>
    public async Task<DatasetVersion> FindAsync(CommandContext context, IClusteringClient client)
    {
        DatasetReference wanted = Names.Dataset(_text);
        return await client.Datasets.FindAsync(wanted.Name, wanted.Version, context.Cancellation).ConfigureAwait(false)
            ?? throw CommandException.Usage($"There is neither a file nor a dataset '{_text}'. See: {context.Suggest("datasets list")}");
    }
}

/// <summary>A dataset version and, when its rows were just read, some of them.</summary>
internal sealed record Imported(DatasetVersion Dataset, RowSample? Sample);
