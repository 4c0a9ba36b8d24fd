using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets.Tests;

/// <summary>Rows drawn from a seed, with what goes into a shard or a dataset.</summary>
internal sealed class SampleRows
{
    public SampleRows(int seed, int rows, int columns, Precision precision, bool weights, bool ids)
    {
        var random = new Random(seed);
        Schema = new RowSchema(
            Enumerable.Range(0, columns).Select(j => $"c{j}"), precision, ids ? "key" : null, weights ? "weight" : null);
        double[] values = [.. Enumerable.Range(0, rows * columns).Select(_ => (random.NextDouble() - 0.3) * Math.Pow(10, random.Next(-5, 6)))];
        if (precision == Precision.Float32)
            values = [.. values.Select(value => (double)(float)value)];
        Expected = values;
        Values = precision == Precision.Float32
            ? MemoryMarshal.AsBytes<float>(values.Select(value => (float)value).ToArray()).ToArray()
            : MemoryMarshal.AsBytes<double>(values).ToArray();
        Weights = weights ? [.. Enumerable.Range(0, rows).Select(_ => random.Next(4) / 2.0)] : [];
        Ids = ids ? [.. Enumerable.Range(0, rows).Select(i => $"row-{i}-{new string('ä', random.Next(4))}")] : [];
        Rows = rows;
    }

    public RowSchema Schema { get; }

    public int Rows { get; }

    public double[] Expected { get; }

    public byte[] Values { get; }

    public double[] Weights { get; }

    public string[] Ids { get; }

    /// <summary>Appends rows [first, first + count) by <paramref name="append"/>.</summary>
    public Task Append(Func<ReadOnlyMemory<byte>, ReadOnlyMemory<double>, ReadOnlyMemory<string>, Task> append, int first, int count) => append(
        Values.AsMemory(first * Schema.RowBytes, count * Schema.RowBytes),
        Weights.Length == 0 ? default : Weights.AsMemory(first, count),
        Ids.Length == 0 ? default : Ids.AsMemory(first, count));

    public async Task<ShardSummary> WriteShard(IBlobStore store)
    {
        await using var shard = new ShardWriter(store, Schema);
        await Append((values, weights, ids) => shard.AppendAsync(values, weights, ids), 0, Rows);
        return await shard.CompleteAsync();
    }

    public async Task<(DatasetManifest Manifest, string Hash)> WriteDataset(IBlobStore store, int piece)
    {
        await using var dataset = new DatasetWriter(store, Schema);
        for (int first = 0; first < Rows; first += piece)
            await Append((values, weights, ids) => dataset.AppendAsync(values, weights, ids), first, Math.Min(piece, Rows - first));
        return await dataset.CompleteAsync();
    }

    public static double[] ValuesOf(RowBlock block)
    {
        var values = new double[block.Rows * block.Columns];
        for (int i = 0; i < block.Rows; i++)
            block.CopyRow(i, values.AsSpan(i * block.Columns, block.Columns));
        return values;
    }
}
