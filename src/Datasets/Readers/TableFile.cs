namespace OrleansCluster.Datasets;

/// <summary>Opens tables: text and <c>.npy</c>, gzipped or not, told apart by their first bytes.</summary>
public static class TableFile
{
    /// <summary>Opens the table <paramref name="path"/> and reads as much as its columns take to know.</summary>
    /// <param name="path">A file, a pipe, or <c>-</c> for standard input.</param>
    /// <param name="options">How it is written.</param>
    /// <exception cref="DataFormatException">The input is missing, cannot be read, or is no table; the message says what to do.</exception>
    public static ITable Open(string path, ReadOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Open(InputSource.Open(path), options);
    }

    /// <summary>Opens a table that comes as a stream.</summary>
    /// <param name="input">Read front to back once, and ended with the table.</param>
    /// <param name="name">What messages call the table.</param>
    /// <param name="options">How it is written.</param>
    /// <exception cref="DataFormatException">The input cannot be read, or is no table; the message says what to do.</exception>
    public static ITable Open(Stream input, string name, ReadOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return Open(InputSource.Open(input, name), options);
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

    private static ITable Open(InputSource source, ReadOptions options)
    {
        try
        {
            if (source.Start.StartsWith(NpyHeader.Magic))
                return NpyTable.Open(source);
            OtherFormats.Refuse(source, options);
            return TextTable.Open(source, options);
        }
        catch
        {
            source.Dispose();
            throw;
        }
    }
}
