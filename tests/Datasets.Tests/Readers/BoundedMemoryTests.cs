using System.IO.Compression;

namespace OrleansCluster.Datasets.Tests;

/// <summary>Memory of the process is measured here, so nothing else may run meanwhile.</summary>
[CollectionDefinition(nameof(BoundedMemoryTests), DisableParallelization = true)]
public static class MeasuredAlone;

/// <summary>Reading costs a bounded amount of memory, whatever the file holds.</summary>
[Collection(nameof(BoundedMemoryTests))]
public sealed class BoundedMemoryTests : IDisposable
{
    private const long Mebi = 1 << 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_compressed_stream_of_zeros_is_refused_at_once()
    {
        string path = Compress(200, new byte[Mebi]);
        Allocated(() => Table.Refusal(path).ShouldContain("there is a zero byte")).ShouldBeLessThan(4 * Mebi);
    }

    [Fact]
    public void A_line_without_end_is_refused()
    {
        var ones = new byte[Mebi];
        ones.AsSpan().Fill((byte)'1');
        string path = Compress(200, ones);
        Allocated(() => Table.Refusal(path).ShouldContain("line 1: the line is longer than 16 MiB")).ShouldBeLessThan(64 * Mebi);
    }

    [Fact]
    public void A_quote_without_end_is_refused_near_its_place()
    {
        var lines = new string('1', 99) + "\n";
        string path = _folder.Write("t.csv", "1\n\"2\n" + string.Concat(Enumerable.Repeat(lines, 100_000)));
        Allocated(() => Table.Refusal(path).ShouldContain("line 2: a quote is opened and not closed")).ShouldBeLessThan(8 * Mebi);
    }

    [Fact]
    public void Long_tables_keep_only_a_batch()
    {
        byte[] lines = [.. Enumerable.Repeat("1.5,2.5,3.5\n"u8.ToArray(), 80_000).SelectMany(line => line)];
        string path = Compress(20, lines);
        long rows = 0;
        long most = 0;
        using IRowReader reader = TableFile.Read(path, new ReadOptions());
        long before = GC.GetTotalMemory(forceFullCollection: true);
        while (reader.ReadBatch(out RowBatch? batch))
        {
            rows += batch.Rows;
            if (rows % (200 * batch.Rows) == 0)
                most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        rows.ShouldBe(1_600_000);
        // What is read ahead grows with the cores.
        most.ShouldBeLessThan((2 + Math.Min(Environment.ProcessorCount, 14)) * Mebi);
    }

    [Fact]
    public void A_wide_column_major_array_is_read_in_blocks()
    {
        const int Rows = 1000, Columns = 20_000;
        byte[] file = NpyBytes.File("<f4", true, $"({Rows}, {Columns})", new byte[Rows * Columns * 4]);
        string path = _folder.Write("x.npy", file);
        using IRowReader reader = TableFile.Read(path, new ReadOptions());
        int rows = 0;
        while (reader.ReadBatch(out RowBatch? batch))
        {
            rows += batch.Rows;
            batch.Values.Length.ShouldBeLessThanOrEqualTo(2 << 20);
        }

        rows.ShouldBe(Rows);
    }

    private static long Allocated(Action action)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private string Compress(int pieces, byte[] piece)
    {
        using FileStream file = File.Create(_folder["t.gz"]);
        using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        for (int i = 0; i < pieces; i++)
            gzip.Write(piece);
        return file.Name;
    }
}
