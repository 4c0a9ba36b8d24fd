using System.Globalization;
using System.Runtime.InteropServices;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Cli.Export;

/// <summary>Rows of a dataset on their way out.</summary>
internal interface IRowFile : IDisposable
{
    void Add(DatasetRows rows);

    void Commit();
}

/// <summary>Rows of a dataset as svmlight text: their ids, or else their weights, are its labels.</summary>
internal sealed class SvmlightRows(SvmlightWriter file, DatasetVersion dataset) : IRowFile
{
    /// <summary>What the format is called.</summary>
    public const string Format = "svm";

    /// <exception cref="CommandException">The dataset has what such a text cannot hold.</exception>
    public static SvmlightRows Create(Stream? stream, string path, DatasetVersion dataset)
    {
        if (dataset.Columns.FirstOrDefault(column => column.Type.Length > 0 && column.Type != "number") is { } other)
            throw CommandException.Usage($"svmlight text holds numbers alone, and column '{other.Name}' is a {other.Type}: write a table that ends in .csv "
                + "or .parquet.");
        if (dataset.Columns.FirstOrDefault(column => column.Missing > 0) is { } missing)
            throw CommandException.Usage($"What is not written in svmlight text is 0, and values of column '{missing.Name}' are missing: write a table that "
                + "ends in .csv or .parquet.");
        if (dataset is { IdColumn: not null, WeightColumn: not null })
            throw CommandException.Usage($"{dataset.Name} has ids and weights, and svmlight text has one label a row for either: write a table that ends in "
                + ".csv or .parquet.");
        Precision precision = PrecisionOf(dataset);
        return new SvmlightRows(stream is null ? SvmlightWriter.Create(path, precision) : SvmlightWriter.Create(stream, precision), dataset);
    }

    /// <summary>Options with which the text becomes the same dataset again.</summary>
    public static string Again(DatasetVersion dataset)
    {
        string dense = dataset.Layout.Length > 0 ? "" : " --dense";
        string label = dataset.IdColumn is not null ? " --id-column label" : dataset.WeightColumn is not null ? " --weight-column label" : "";
        return string.Create(CultureInfo.InvariantCulture, $"--features {dataset.Columns.Length} --dtype {dataset.Precision}{label}{dense}");
    }

    public void Add(DatasetRows rows)
    {
        ReadOnlyMemory<byte> sparse = dataset.Layout.Length > 0 ? rows.Values
            : SparseRowBytes.Of(SparseBlock.Of(RowBytes.AsBlock(rows.Values, PrecisionOf(dataset), dataset.Columns.Length)));
        string[] labels = dataset.IdColumn is not null ? [.. rows.Ids]
            : dataset.WeightColumn is null ? []
            : [.. MemoryMarshal.Cast<byte, double>(rows.Weights.Span).ToArray().Select(weight => weight.ToString(CultureInfo.InvariantCulture))];
        file.Write(sparse.Span, labels);
    }

    public void Commit() => file.Commit();

    public void Dispose() => file.Dispose();

    private static Precision PrecisionOf(DatasetVersion dataset) => dataset.Precision == "f4" ? Precision.Float32 : Precision.Float64;
}
