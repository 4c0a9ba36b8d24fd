using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Contracts;
using OrleansCluster.Datasets;
using Spectre.Console;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Cli.Output;

/// <summary>Datasets as text and as JSON.</summary>
internal static class DatasetOutput
{
    private const int MostColumns = 40;

    /// <summary>A dataset version as an object.</summary>
    public static void Write(Utf8JsonWriter json, DatasetVersion dataset)
    {
        json.WriteStartObject();
        json.WriteString("name", dataset.Name);
        json.WriteNumber("version", dataset.Version);
        json.WriteNumber("rows", dataset.Rows);
        json.WriteNumber("columns", dataset.Columns.Length);
        json.WriteStartArray("column_ranges");
        foreach (ColumnInfo column in dataset.Columns)
        {
            json.WriteStartObject();
            json.WriteString("name", column.Name);
            json.WriteReal("minimum", column.Minimum);
            json.WriteReal("maximum", column.Maximum);
            json.WriteReal("mean", column.Mean);
            if (column.Type.Length > 0)
            {
                json.WriteString("type", column.Type);
                json.WriteNumber("missing", column.Missing);
                if (column.Type == "category")
                    json.WriteNumber("categories", column.Categories.Length);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("dtype", dataset.Precision);
        json.WriteString("id_column", dataset.IdColumn);
        json.WriteString("weight_column", dataset.WeightColumn);
        json.WriteString("manifest", dataset.Manifest);
        json.WriteNumber("shards", dataset.Shards);
        json.WriteNumber("bytes", dataset.Bytes);
        json.WriteString("created", dataset.Created);
        json.WriteString("source", dataset.Source);
        Write(json, dataset.Expectations);
        json.WriteEndObject();
    }

    /// <summary>What was expected of rows, where anything was.</summary>
    public static void Write(Utf8JsonWriter json, ImmutableArray<ExpectationResult> expectations)
    {
        if (expectations.IsDefaultOrEmpty)
            return;
        json.WriteStartArray("expectations");
        foreach (ExpectationResult one in expectations)
        {
            json.WriteStartObject();
            json.WriteString("expectation", one.Expectation);
            json.WriteNumber("broken", one.Broken);
            json.WriteBoolean("put_aside", one.PutAside);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>A table of datasets.</summary>
    public static void Write(CommandContext context, IReadOnlyList<DatasetVersion> datasets)
    {
        if (datasets.Count == 0)
        {
            Terminal.Print($"No datasets yet. Import one with: {context.Suggest("datasets import NAME FILE")}");
            return;
        }

        new Listing(
            Column.Name("dataset"), Column.Number("version"), Column.Number("rows"), Column.Number("columns"), Column.Word("stored as", leaves: 4),
            Column.Number("size", leaves: 3), Column.Word("created", leaves: 1), Column.Path("source", leaves: 2))
            .AddAll(datasets, dataset =>
            [
                dataset.Name, dataset.Version.ToString(CultureInfo.InvariantCulture), Numbers.Count(dataset.Rows),
                dataset.Columns.Length.ToString(CultureInfo.InvariantCulture), StoredAs(dataset), Numbers.Bytes(dataset.Bytes), Listing.Date(dataset.Created),
                    dataset.Source,
            ])
            .Write(context.Terminal.Out);
    }

    private static string StoredAs(DatasetVersion dataset) =>
        dataset.Layout.Length > 0 ? $"{dataset.Precision}, {dataset.Layout}" : dataset.Precision;

    /// <summary>One version: its columns and where it came from.</summary>
    public static void Write(CommandContext context, DatasetVersion dataset)
    {
        IAnsiConsole console = context.Terminal.Out;
        TrainingText.Heading(console, $"{dataset.Name} version {dataset.Version}",
            $"{Numbers.Of(dataset.Rows, "row")} × {Numbers.Of(dataset.Columns.Length, "column")}");
        console.WriteLine();
        if (dataset.Columns.All(column => column.Type.Length == 0))
        {
            new Listing(Column.Name("column"), Column.Number("minimum"), Column.Number("mean"), Column.Number("maximum"))
            .AddAll(dataset.Columns.Take(MostColumns),
                column => [column.Name, Numbers.Real(column.Minimum), Numbers.Real(column.Mean), Numbers.Real(column.Maximum)])
                .Write(console);
        }
        else
        {
            new Listing(
                Column.Name("column"), Column.Word("type", leaves: 3), Column.Number("missing", leaves: 2), Column.Number("minimum"),
                    Column.Number("mean", leaves: 1), Column.Number("maximum"))
                .AddAll(dataset.Columns.Take(MostColumns), column =>
                [
                    column.Name, column.Type, Numbers.Count(column.Missing), .. Range(column),
                ])
                .Write(console);
        }

        if (dataset.Columns.Length > MostColumns)
            Prose.Note(console, $"and {dataset.Columns.Length - MostColumns} more; --report json has them all");
        console.WriteLine();
        if (dataset.IdColumn is not null)
            TrainingText.Fact(console, "ids", $"column {dataset.IdColumn}");
        if (dataset.WeightColumn is not null)
            TrainingText.Fact(console, "weights", $"column {dataset.WeightColumn}");
        TrainingText.Fact(console, "stored as", StoredAs(dataset), $"{Numbers.Of(dataset.Shards, "shard")}, {Numbers.Bytes(dataset.Bytes)}");
        TrainingText.Fact(console, "created", Listing.Date(dataset.Created), dataset.Source);
        TrainingText.Fact(console, "content", dataset.Manifest);
        foreach (ExpectationResult one in dataset.Expectations)
        {
            TrainingText.Fact(console, "expected", one.Expectation, one.Broken == 0 ? null
                : $"{Numbers.Of(one.Broken, "row")} {(one.PutAside ? "put aside" : "kept that break it")}");
        }
    }

    /// <summary>Least value, mean and greatest value as they are read.</summary>
    private static string[] Range(ColumnInfo column) => column.Type switch
    {
        "category" => [column.Categories.Length == 0 ? "" : column.Categories[0], "", $"{Numbers.Count(column.Categories.Length)} different"],
        "datetime" => [ShownTime.Of(column.Minimum), ShownTime.Of(column.Mean), ShownTime.Of(column.Maximum)],
        _ => [Numbers.Real(column.Minimum), Numbers.Real(column.Mean), Numbers.Real(column.Maximum)],
    };
}
