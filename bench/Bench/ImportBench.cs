using System.Diagnostics;
using System.Globalization;
using OrleansCluster.Datasets;

namespace OrleansCluster.Bench;

/// <summary>
/// Reading a file or a table of PostgreSQL, and reading it into shards of a throwaway blob store: seconds, processor seconds, and the content hash of the
/// manifest.
/// </summary>
internal static class ImportBench
{
    /// <summary>Arguments: the file, and the option <c>--rounds</c>.</summary>
    public static async Task RunAsync(string[] args)
    {
        int rounds = Options.Take(ref args, "--rounds", 5);
        // Of a table in a database: what its values take.
        double megabytes = PostgresAddress.Is(args[0]) ? ValueBytes(args[0]) / 1e6 : new FileInfo(args[0]).Length / 1e6;
        for (int round = 0; round < rounds; round++)
        {
            long rows = 0;
            await MeasureAsync("read", megabytes, () =>
            {
                using IRowReader reader = TableFile.Read(args[0], new ReadOptions());
                while (reader.ReadBatch(out RowBatch? batch))
                    rows += batch.Rows;
                return Task.FromResult($"{rows} rows");
            });
            await MeasureAsync("import", megabytes, () => ImportAsync(args[0]));
        }
    }

    private static long ValueBytes(string path)
    {
        using IRowReader reader = TableFile.Read(path, new ReadOptions());
        long bytes = 0;
        while (reader.ReadBatch(out RowBatch? batch))
            bytes += batch.Values.Length;
        return bytes;
    }

    private static async Task<string> ImportAsync(string path)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("bench-import-");
        try
        {
            using IRowReader reader = TableFile.Read(path, new ReadOptions());
            await using var writer = new DatasetWriter(
                new FileBlobStore(folder.FullName), new RowSchema(reader.Columns, reader.Precision, reader.IdColumn, reader.WeightColumn));
            while (reader.ReadBatch(out RowBatch? batch))
                await writer.AppendAsync(batch.Values, batch.Weights, batch.Ids.IsDefault ? default : batch.Ids.AsMemory());
            return (await writer.CompleteAsync()).Hash;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task MeasureAsync(string what, double megabytes, Func<Task<string>> work)
    {
        TimeSpan processor = Process.GetCurrentProcess().TotalProcessorTime;
        long clock = Stopwatch.GetTimestamp();
        string result = await work();
        double seconds = Stopwatch.GetElapsedTime(clock).TotalSeconds;
        double worked = (Process.GetCurrentProcess().TotalProcessorTime - processor).TotalSeconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what,-7} {seconds,7:F3} s {megabytes / seconds,6:F0} MB/s  processor {worked,7:F3} s {100 * worked / megabytes,6:F3} s per 100 MB  {result}"));
    }
}
