using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets.Tests;

/// <summary>Versions that begin with the rows of others, to the bit.</summary>
public sealed class VersionHeadTests : IDisposable
{
    private static readonly double[] Values = [1, 2, 3, double.NaN, 0, 6];

    private readonly MemoryBlobStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task A_version_begins_with_the_rows_that_more_were_put_behind()
    {
        DatasetManifest first = await Write(Values[..4]), whole = await Write(Values);
        (await IsHead(first, whole)).ShouldBeTrue();
        (await IsHead(first, first)).ShouldBeTrue();
        (await IsHead(whole, first)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("value")]
    [InlineData("sign of nothing")]
    [InlineData("weight")]
    [InlineData("id")]
    [InlineData("name")]
    [InlineData("type")]
    [InlineData("category")]
    public async Task Whatever_else_differs_it_does_not(string what)
    {
        double[] values = [.. Values], weights = [1, 2, 3];
        string[] ids = ["a", "b", "c"], texts = ["p", "q", "r", "s", "t", "u", "v"];
        string name = "y";
        ColumnType type = ColumnType.Number;
        DatasetManifest first = await Write(values, weights, ids, name, type, texts);
        (await IsHead(first, await Write([.. values, 1, 1], [.. weights, 9], [.. ids, "d"], name, type, texts))).ShouldBeTrue();
        switch (what)
        {
            case "value":
                values[5] = 6.5;
                break;
            case "sign of nothing":
                values[4] = double.NegativeZero;
                break;
            case "weight":
                weights[1] = 2.5;
                break;
            case "id":
                ids[2] = "other";
                break;
            case "name":
                name = "z";
                break;
            case "type":
                type = ColumnType.Time;
                break;
            default:
                texts[1] = "another";
                break;
        }

        (await IsHead(first, await Write([.. values, 1, 1], [.. weights, 9], [.. ids, "d"], name, type, texts))).ShouldBeFalse();
    }

    [Fact]
    public async Task Sparse_rows_are_compared_as_they_are_stored()
    {
        double[] values = [0, 1, 0, 2, 3, 0];
        DatasetManifest first = await WriteSparse(values[..4]), whole = await WriteSparse(values);
        (await IsHead(first, whole)).ShouldBeTrue();
        (await IsHead(whole, first)).ShouldBeFalse();
        values[1] = 4;
        (await IsHead(first, await WriteSparse(values))).ShouldBeFalse();
        (await IsHead(first, await WriteSparse([1, 0, .. values[2..]]))).ShouldBeFalse();
        (await IsHead(first, await Write([0, 1, 0, 2]))).ShouldBeFalse();
    }

    private async Task<bool> IsHead(DatasetManifest first, DatasetManifest whole) => VersionHead.MayBe(first, whole)
        && VersionHead.IsHead(await _store.LocalPathAsync(first.Shards[^1].Hash), await _store.LocalPathAsync(whole.Shards[0].Hash));

    /// <summary>Rows of a category and a column of some type.</summary>
    private async Task<DatasetManifest> Write(
        double[] values, double[] weights, string[] ids, string name, ColumnType type, string[] texts)
    {
        double[] rows = [.. values];
        // The first column says a category.
        for (int row = 0; row < rows.Length / 2; row++)
            rows[2 * row] = row == 2 && values[4] == 0 ? values[4] : row;
        var schema = new RowSchema(["c", name], Precision.Float64, "id", "w", [ColumnType.Category, type]);
        await using var writer = new DatasetWriter(_store, schema);
        await writer.AppendAsync(Bytes(rows), weights, ids);
        writer.AddCategories(0, 0, texts);
        return (await writer.CompleteAsync()).Manifest;
    }

    private async Task<DatasetManifest> Write(double[] values)
    {
        await using var writer = new DatasetWriter(_store, new RowSchema(["x", "y"], Precision.Float64, types: [ColumnType.Number, ColumnType.Number]));
        await writer.AppendAsync(Bytes(values), default, default);
        return (await writer.CompleteAsync()).Manifest;
    }

    private async Task<DatasetManifest> WriteSparse(double[] values)
    {
        await using var writer = new DatasetWriter(_store, new RowSchema(["x", "y"], Precision.Float64, isSparse: true));
        await writer.AppendAsync(SparseRowBytes.Of(SparseBlock.Of(new RowBlock(values, 2))), default, default);
        return (await writer.CompleteAsync()).Manifest;
    }

    private static byte[] Bytes(double[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();
}
