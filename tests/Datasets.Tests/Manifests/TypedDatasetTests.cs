using System.Runtime.InteropServices;
using System.Text;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets.Tests;

/// <summary>Datasets whose columns have types.</summary>
public sealed class TypedDatasetTests : IDisposable
{
    private static readonly RowSchema Schema = new(["x", "kind", "when"], Precision.Float64, types: [ColumnType.Number, ColumnType.Category, ColumnType.Time]);

    private readonly MemoryBlobStore _store = new();

    public void Dispose() => _store.Dispose();

    [Fact]
    public async Task Types_categories_and_missing_values_are_kept()
    {
        (DatasetManifest manifest, string hash) = await Write(
            Schema, [1, 0, 10, double.NaN, 1, double.NaN, 5, double.NaN, 30], writer => writer.AddCategories(1, 0, ["a", "\u00df"]));
        manifest.IsPlain.ShouldBeFalse();
        manifest.Columns.ShouldBe([new ColumnSummary(1, 5, 6, 1), new ColumnSummary(0, 1, 1, 1), new ColumnSummary(10, 30, 40, 1)]);
        DatasetManifest read = DatasetManifest.Decode(await _store.ReadAsync(hash));
        read.RowColumns.ShouldBe(
            [new RowColumn("x"), new RowColumn("kind", ColumnType.Category) { Categories = ["a", "\u00df"] }, new RowColumn("when", ColumnType.Time)]);
        read.Encode().ShouldBe(manifest.Encode());
        Encoding.UTF8.GetString(manifest.Encode()).ShouldStartWith("{\"format\":2,");
    }

    [Fact]
    public async Task Rows_that_turn_out_to_be_numbers_are_the_dataset_that_they_always_were()
    {
        double[] values = [1, 2, 3, 4];
        (_, string plain) = await Write(new RowSchema(["x", "y"], Precision.Float64), values);
        (DatasetManifest typed, string hash) = await Write(new RowSchema(["x", "y"], Precision.Float64, types: [ColumnType.Number, ColumnType.Number]), values);
        hash.ShouldBe(plain);
        typed.IsPlain.ShouldBeTrue();
        Encoding.UTF8.GetString(typed.Encode()).ShouldStartWith("{\"format\":1,");
    }

    [Fact]
    public async Task A_column_without_any_value_can_be_kept()
    {
        (DatasetManifest manifest, string hash) = await Write(Schema, [1, double.NaN, double.NaN, 2, double.NaN, double.NaN]);
        manifest.Columns[1].ShouldBe(new ColumnSummary(0, 0, 0, 2));
        DatasetManifest.Decode(await _store.ReadAsync(hash)).Encode().ShouldBe(manifest.Encode());
    }

    [Fact]
    public async Task A_value_that_stands_for_no_text_is_refused()
    {
        DataFormatException refused = await Should.ThrowAsync<DataFormatException>(
            () => Write(Schema, [1, 2, 10], writer => writer.AddCategories(1, 0, ["a", "b"])));
        refused.Message.ShouldContain("Column 'kind' has values from 2 to 2, of which 2 have a meaning");
    }

    [Fact]
    public async Task Texts_may_come_in_pieces_and_twice_but_not_differ()
    {
        await using var writer = new DatasetWriter(_store, Schema);
        writer.AddCategories(1, 0, ["a", "b"]);
        writer.AddCategories(1, 1, ["b", "c"]);
        Should.Throw<DataFormatException>(() => writer.AddCategories(1, 2, ["d"])).Message.ShouldContain("'c', and 'd'");
        Should.Throw<DataFormatException>(() => writer.AddCategories(1, 4, ["e"]));
        Should.Throw<DataFormatException>(() => writer.AddCategories(0, 0, ["e"]));
    }

    [Fact]
    public void Times_do_not_fit_float32() => Should.Throw<DataFormatException>(
        () => new RowSchema(["when"], Precision.Float32, types: [ColumnType.Time])).Message.ShouldContain(
            "Column 'when' holds times, which float32 is too coarse for");

    private async Task<(DatasetManifest Manifest, string Hash)> Write(RowSchema schema, double[] values, Action<DatasetWriter>? more = null)
    {
        await using var writer = new DatasetWriter(_store, schema);
        await writer.AppendAsync(MemoryMarshal.AsBytes<double>(values).ToArray(), default, default);
        more?.Invoke(writer);
        return await writer.CompleteAsync();
    }
}
