using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>Manifests as JSON with a fixed order of members, no white space, and numbers in their shortest form that reads back exactly.</summary>
internal static class ManifestEncoding
{
    /// <summary>Columns of numbers, of which none is missing, are written as they always were.</summary>
    private const int Plain = 1, Typed = 2, Version = 3;

    private const string Sparse = "sparse";

    public static byte[] Encode(DatasetManifest manifest)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("format"u8, manifest.Schema.IsSparse ? Version : manifest.Schema.Types.IsEmpty ? Plain : Typed);
            if (manifest.Schema.IsSparse)
                json.WriteString("layout"u8, Sparse);
            json.WriteString("precision"u8, Name(manifest.Schema.Precision));
            json.WriteString("id"u8, manifest.Schema.IdColumn);
            json.WriteString("weight"u8, manifest.Schema.WeightColumn);
            json.WriteNumber("rows"u8, manifest.Rows);
            json.WriteNumber("weightTotal"u8, manifest.WeightTotal);
            json.WriteNumber("weightMaximum"u8, manifest.WeightMaximum);
            json.WriteStartArray("columns"u8);
            for (int j = 0; j < manifest.Columns.Length; j++)
                WriteColumn(json, manifest, j);
            json.WriteEndArray();
            json.WriteStartArray("shards"u8);
            foreach (ShardEntry shard in manifest.Shards)
                WriteShard(json, shard);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static DatasetManifest Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            using var json = JsonDocument.Parse(bytes.ToArray());
            return Read(json.RootElement);
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new DataFormatException($"The manifest is damaged: {e.Message} Restore it from a copy, or import the dataset again.", e);
        }
    }

    private static DatasetManifest Read(JsonElement root)
    {
        int format = root.GetProperty("format"u8).GetInt32();
        if (format > Version)
            throw new DataFormatException($"The manifest has format {format}, this program reads up to {Version}: use a newer one.");
        JsonElement.ArrayEnumerator columns = root.GetProperty("columns"u8).EnumerateArray();
        var schema = new RowSchema(
            columns.Select(column => Text(column, "name")),
            Parse(Text(root, "precision")),
            root.GetProperty("id"u8).GetString(),
            root.GetProperty("weight"u8).GetString(),
            format != Typed ? null
                : columns.Select(column => RowColumn.TypeOf(Text(column, "type")) ?? throw new FormatException($"There is no type '{Text(column, "type")}'.")),
            format == Version && (Text(root, "layout") == Sparse ? true : throw new FormatException($"There is no layout '{Text(root, "layout")}'.")));
        return new DatasetManifest
        {
            Schema = schema,
            Columns = [.. columns.Select(column => new ColumnSummary(
                Number(column, "min"), Number(column, "max"), Number(column, "sum"), format != Typed ? 0 : column.GetProperty("missing"u8).GetInt64()))],
            Categories = format != Typed ? [] : [.. columns.Select(ReadCategories)],
            Rows = root.GetProperty("rows"u8).GetInt64(),
            WeightTotal = Number(root, "weightTotal"),
            WeightMaximum = Number(root, "weightMaximum"),
            Shards = [.. root.GetProperty("shards"u8).EnumerateArray().Select(shard => new ShardEntry(
                Text(shard, "hash"), shard.GetProperty("rows"u8).GetInt32(), shard.GetProperty("bytes"u8).GetInt64(), Number(shard, "weight")))],
        };
    }

    private static ImmutableArray<string> ReadCategories(JsonElement column) => column.TryGetProperty("categories"u8, out JsonElement texts)
        ? [.. texts.EnumerateArray().Select(text => text.GetString() ?? throw new FormatException("A category has no text."))]
        : [];

    private static void WriteColumn(Utf8JsonWriter json, DatasetManifest manifest, int index)
    {
        ColumnSummary column = manifest.Columns[index];
        json.WriteStartObject();
        json.WriteString("name"u8, manifest.Schema.Columns[index]);
        if (!manifest.Schema.Types.IsEmpty)
        {
            json.WriteString("type"u8, RowColumn.NameOf(manifest.Schema.Types[index]));
            json.WriteNumber("missing"u8, column.Missing);
        }

        json.WriteNumber("min"u8, column.Minimum);
        json.WriteNumber("max"u8, column.Maximum);
        json.WriteNumber("sum"u8, column.Sum);
        if (!manifest.Categories.IsEmpty && manifest.Schema.TypeOf(index) == ColumnType.Category)
        {
            json.WriteStartArray("categories"u8);
            foreach (string text in manifest.Categories[index])
                json.WriteStringValue(text);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    private static void WriteShard(Utf8JsonWriter json, ShardEntry shard)
    {
        json.WriteStartObject();
        json.WriteString("hash"u8, shard.Hash);
        json.WriteNumber("rows"u8, shard.Rows);
        json.WriteNumber("bytes"u8, shard.Bytes);
        json.WriteNumber("weight"u8, shard.WeightTotal);
        json.WriteEndObject();
    }

    private static string Name(Precision precision) => precision == Precision.Float32 ? "f4" : "f8";

    private static Precision Parse(string name) => name switch
    {
        "f4" => Precision.Float32,
        "f8" => Precision.Float64,
        _ => throw new FormatException($"There is no precision '{name}'."),
    };

    private static string Text(JsonElement element, string name) =>
        element.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is missing.");

    private static double Number(JsonElement element, string name) => element.GetProperty(name).GetDouble();
}
