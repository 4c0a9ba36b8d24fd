namespace OrleansCluster.Datasets;

/// <summary>A table on its way into a file, which appears under its name, whole, with <see cref="Commit"/>; disposing it earlier leaves an earlier file as it
/// was.</summary>
public interface ITableWriter : IDisposable
{
    /// <summary>Adds rows.</summary>
    /// <param name="columns">
    /// An array for each column, all equally long, of what the column was announced as; for <see cref="bool"/> of doubles that are 1 and 0, for
    /// <see cref="DateTime"/> of doubles that are seconds since 1970 UTC. A number that is NaN, and an empty text, are missing.
    /// </param>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    void Write(IReadOnlyList<Array> columns);

    /// <summary>Makes the file appear.</summary>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    void Commit();
}

/// <summary>A column of a table that is written.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type"><see cref="int"/>, <see cref="long"/>, <see cref="float"/>, <see cref="double"/>, <see cref="string"/>, <see cref="bool"/> or
/// <see cref="DateTime"/>.</param>
public sealed record OutputColumn(string Name, Type Type);

/// <summary>Tables in the format that the ending of a file's name says, or of a database.</summary>
public static class TableWriter
{
    /// <summary>The endings, for messages.</summary>
    public const string Endings = ".csv, .parquet, .arrow, .feather or .jsonl, and is no postgres://…?table=NAME";

    /// <summary>Formats of a table that is written to a stream.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["csv", "jsonl", "parquet", "arrow"];

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
        ".csv" => Create(AtomicFile.Create(path), "csv", columns),
        ".parquet" => Create(AtomicFile.Create(path), "parquet", columns),
        ".arrow" or ".feather" => Create(AtomicFile.Create(path), "arrow", columns),
        ".jsonl" or ".ndjson" => Create(AtomicFile.Create(path), "jsonl", columns),
        _ => throw new ArgumentException($"{path} ends in none of {Endings}.", nameof(path)),
    };

    /// <summary>Begins a table on a stream, which is read as it is written.</summary>
    /// <param name="stream">Written front to back, and not ended.</param>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="columns">Its columns; no two of one name.</param>
    /// <exception cref="ArgumentException">There is no such format.</exception>
    public static ITableWriter Create(Stream stream, string format, IReadOnlyList<OutputColumn> columns) =>
        Create(new StreamSink(stream), format, columns);

    private static ITableWriter Create(IByteSink file, string format, IReadOnlyList<OutputColumn> columns) => format switch
    {
        "csv" => new CsvTableWriter(file, columns),
        "parquet" => Parquet(file, columns),
        "arrow" => Arrow(file, columns),
        "jsonl" => new JsonLinesWriter(file, columns),
        _ => throw new ArgumentException($"'{format}' is none of {string.Join(", ", Formats)}.", nameof(format)),
    };

    private static string Ending(string path) => Path.GetExtension(path).ToLowerInvariant();

    // Apart, so that a library is loaded by those who need it.
    private static PostgresTableWriter Postgres(string address, IReadOnlyList<OutputColumn> columns) => new PostgresTableWriter(address, columns);

    private static ParquetTableWriter Parquet(IByteSink file, IReadOnlyList<OutputColumn> columns) => new ParquetTableWriter(file, columns);

    private static ArrowTableWriter Arrow(IByteSink file, IReadOnlyList<OutputColumn> columns) => new ArrowTableWriter(file, columns);
}
