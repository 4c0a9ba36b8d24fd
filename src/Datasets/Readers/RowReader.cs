namespace OrleansCluster.Datasets;

/// <summary>Opens tables: text (also gzipped) and <c>.npy</c>, told apart by their content.</summary>
public static class RowReader
{
    /// <summary>Opens the table <paramref name="path"/> and reads as much as its columns take to know.</summary>
    /// <exception cref="DataFormatException">The file is missing, cannot be read, is no table, or has not the columns asked for; the message says what to do.</exception>
    public static IRowReader Open(string path, ReadOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        FileStream file = OpenFile(path);
        try
        {
            var start = new byte[8];
            Array.Resize(ref start, file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false));
            if (start.Length == 0)
                throw new DataFormatException($"{path} is empty. Give a file with rows.");
            bool isNpy = start.AsSpan().StartsWith(NpyHeader.Magic);
            if (isNpy && !file.CanSeek)
                throw new DataFormatException($"{path} is a pipe, and npy is read from files only. Write it to a file first.");
            if (file.CanSeek)
                file.Position = 0;
            if (isNpy)
                return new NpyRowReader(file, path, options);
            if (Path.GetExtension(path).Equals(".npy", StringComparison.OrdinalIgnoreCase))
                throw new DataFormatException($"{path} is named .npy and is none: its first bytes are not those of an npy file. Save it with numpy.save, or rename it if it is text.");
            RefuseOtherFormats(start, path);
            return TextRowReader.Open(OpenText(file.CanSeek ? file : new JoinedStream(new MemoryStream(start), file), start, path), path, options);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static FileStream OpenFile(string path)
    {
        if (Directory.Exists(path))
            throw new DataFormatException($"{path} is a folder. Name a file in it.");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"{path} cannot be read: {FileFailure.Reason(e)}", e);
        }
    }

    private static Stream OpenText(Stream file, ReadOnlySpan<byte> start, string path)
    {
        if (start.StartsWith(GzipSource.Magic))
            return new GzipSource(file, path);
        if (Path.GetExtension(path).Equals(".gz", StringComparison.OrdinalIgnoreCase))
            throw new DataFormatException($"{path} is named .gz and is not gzipped: its first bytes are not those of a gzip file. Rename it, or gzip it again.");
        return file;
    }

    private static void RefuseOtherFormats(ReadOnlySpan<byte> start, string path)
    {
        if (start.StartsWith("PK\u0003\u0004"u8))
            throw new DataFormatException($"{path} is a zip archive (npz and xlsx files are such too). Extract it: save one array with numpy.save, or the sheet as CSV.");
        if (start.StartsWith("PAR1"u8))
            throw new DataFormatException($"{path} is a Parquet file, which is not read. Save it as CSV or npy.");
        if (start.StartsWith<byte>([0x89, (byte)'H', (byte)'D', (byte)'F']))
            throw new DataFormatException($"{path} is an HDF5 file, which is not read. Save the array with numpy.save.");
    }
}
