namespace OrleansCluster.Datasets;

/// <summary>Opens tables of all formats that are read, compressed or not, told apart by their first bytes.</summary>
public static class TableFile
{
    /// <summary>Opens the table <paramref name="path"/> and reads as much as its columns take to know.</summary>
    /// <param name="path">
    /// A file, a pipe, <c>-</c> for standard input, several files that are one table (<see cref="InputName.List"/>), or the address of a table of a database
    /// (<see cref="PostgresAddress"/>).
    /// </param>
    /// <param name="options">How it is written.</param>
    /// <exception cref="DataFormatException">The input is missing, cannot be read, or is no table; the message says what to do.</exception>
    public static ITable Open(string path, ReadOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (PostgresAddress.Is(path))
            return Filtered(Postgres(path), options);
        string[] files = InputName.List(path);
        return Filtered(files switch
        {
            [] => throw new DataFormatException($"There is no file {path}."),
            [var one] => Open(InputSource.Open(one), options),
            _ => SeveralTables.Open(files, options),
        }, options);
    }

    /// <summary>Opens a table that comes as a stream.</summary>
    /// <param name="input">Read front to back once, and ended with the table.</param>
    /// <param name="name">What messages call the table.</param>
    /// <param name="options">How it is written.</param>
    /// <exception cref="DataFormatException">The input cannot be read, or is no table; the message says what to do.</exception>
    public static ITable Open(Stream input, string name, ReadOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Filtered(Open(InputSource.Open(input, name), options), options);
    }

    /// <summary>Opens the table and begins to read it.</summary>
    /// <inheritdoc cref="Open(string, ReadOptions)"/>
    public static IRowReader Read(string path, ReadOptions options)
    {
        ITable table = Open(path, options);
        try
        {
            return table.Read(options);
        }
        catch
        {
            table.Dispose();
            throw;
        }
    }

    private static ITable Filtered(ITable table, ReadOptions options) =>
        options.Limit is null && options.Where.Count == 0 && options.Beside is null ? table : new FilteredTable(table);

    internal static ITable Open(InputSource source, ReadOptions options)
    {
        try
        {
            if (NpzArchive.Is(source))
            {
                NpzArchive archive = NpzArchive.Open(source);
                if (archive.IsMatrix)
                    return CsrTable.Open(archive, options);
                source = archive.Array();
            }

            if (source.Start.StartsWith(NpyHeader.Magic))
                return NpyTable.Open(source);
            if (Typed(source) is { } typed)
                return new TypedTable(typed);
            if (SvmlightTable.Is(source, options))
                return SvmlightTable.Open(source, options);
            OtherFormats.Refuse(source, options);
            return TextTable.Open(source, options);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }

    // Each in a method of its own, so that a format's library is loaded by those who read that format.
    private static TypedTable Postgres(string address) => new(PostgresSource.Open(address));

    private static ITypedSource? Typed(InputSource source) =>
        source.Start.StartsWith("PAR1"u8) && !OtherFormats.IsText(source) ? ParquetSource.Open(source)
        : source.Start.StartsWith("ARROW1"u8) && !OtherFormats.IsText(source) ? ArrowSource.Open(source, isFile: true)
        : source.Start.StartsWith<byte>([0xFF, 0xFF, 0xFF, 0xFF]) && source.Start.Length > 8 ? ArrowSource.Open(source, isFile: false)
        : VectorsSource.IsNamed(source.Ending) ? VectorsSource.Open(source)
        : OtherFormats.IsJsonLines(source) ? JsonLinesSource.Open(source)
        : null;
}
