namespace OrleansCluster.Datasets;

/// <summary>A table on its way into a file, which appears under its name, whole, with <see cref="Commit"/>; disposing it earlier leaves an earlier file as it
/// was.</summary>
public interface ITableWriter : IDisposable
{
    /// <summary>Adds rows.</summary>
    /// <param name="columns">
    /// An array for each column, all equally long: of <see cref="int"/>, <see cref="long"/>, <see cref="double"/> or <see cref="string"/>, as the column was
    /// announced. A double that is NaN, and an empty text, are missing.
    /// </param>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    void Write(IReadOnlyList<Array> columns);

    /// <summary>Makes the file appear.</summary>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    void Commit();
}

/// <summary>A column of a table that is written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type"><see cref="int"/>, <see cref="long"/>, <see cref="double"/> or <see cref="string"/>.</param>
public sealed record OutputColumn(string Name, Type Type);

/// <summary>Tables in the format that the ending of a file's name says, or of a database.</summary>
public static class TableWriter
{
    /// <summary>The endings, for messages.</summary>
    public const string Endings = ".csv, .parquet, .arrow, .feather or .jsonl, and is no postgres://…?table=NAME";

    /// <summary>Whether the ending says a format of tables, or the path is the address of one (<see cref="PostgresAddress"/>).</summary>
    public static bool IsSupported(string path) => PostgresAddress.Is(path)
        || Ending(path) is ".csv" or ".parquet" or ".arrow" or ".feather" or ".jsonl" or ".ndjson";

    /// <summary>Begins a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="columns">Its columns; no two of one name.</param>
    /// <exception cref="ArgumentException">The ending says no format.</exception>
    /// <exception cref="IOException">The file cannot be created; the message says why.</exception>
    /// <exception cref="DataFormatException">The database cannot be reached, or its table has other columns; the message says what to do.</exception>
    public static ITableWriter Create(string path, IReadOnlyList<OutputColumn> columns) => Ending(path) switch
    {
        _ when PostgresAddress.Is(path) => Postgres(path, columns),
        ".csv" => new CsvTableWriter(path, columns),
        ".parquet" => Parquet(path, columns),
        ".arrow" or ".feather" => Arrow(path, columns),
        ".jsonl" or ".ndjson" => new JsonLinesWriter(path, columns),
        _ => throw new ArgumentException($"{path} ends in none of {Endings}.", nameof(path)),
    };

    private static string Ending(string path) => Path.GetExtension(path).ToLowerInvariant();

    // Apart, so that a library is loaded by those who need it.
    private static PostgresTableWriter Postgres(string address, IReadOnlyList<OutputColumn> columns) => new PostgresTableWriter(address, columns);

    private static ParquetTableWriter Parquet(string path, IReadOnlyList<OutputColumn> columns) => new ParquetTableWriter(path, columns);

    private static ArrowTableWriter Arrow(string path, IReadOnlyList<OutputColumn> columns) => new ArrowTableWriter(path, columns);
}
