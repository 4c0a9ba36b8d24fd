using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Serving;

namespace OrleansCluster.Pages.Facts;

/// <summary>Some of the rows that a version was trained on, each with its cluster.</summary>
internal sealed class SampledRows
{
    private const int Wanted = 1500;
    private const int MostValues = 400_000;

    private readonly double[] _values;
    private readonly double[] _read;

    /// <param name="read">All rows that were read, row-major.</param>
    /// <param name="values">Those of them that are shown.</param>
    private SampledRows(ImmutableArray<string> columns, double[] read, double[] values, int[] labels) =>
        (Columns, _read, _values, Labels) = (columns, read, values, labels);

    public ImmutableArray<string> Columns { get; }

    public int[] Labels { get; }

    /// <summary>Rows that these were taken of: the first ones.</summary>
    public long Of => _read.Length / Columns.Length;

    public double Value(int row, int column) => _values[(row * Columns.Length) + column];

    /// <summary>Mean and standard deviation of a column over all rows that were read; null: it has one value, or none.</summary>
    public (double Mean, double Deviation)? Spread(int column)
    {
        double mean = 0, square = 0;
        int count = 0;
        for (int i = column; i < _read.Length; i += Columns.Length)
        {
            if (!double.IsFinite(_read[i]))
                continue;
            // Welford: differences from the mean so far, so that a large offset costs no digits.
            double before = _read[i] - mean;
            mean += before / ++count;
            square += before * (_read[i] - mean);
        }

        return square > 0 ? (mean, Math.Sqrt(square / count)) : null;
    }

    /// <summary>Reads them.</summary>
    /// <returns>Null: the dataset is gone.</returns>
    public static async Task<SampledRows?> LoadAsync(IClusteringClient client, ModelVersion version, CancellationToken cancellation)
    {
        ImmutableArray<string> columns = version.Training.AskedColumns();
        DatasetVersion? dataset =
            await client.Datasets.FindAsync(version.Training.Dataset, version.Training.DatasetVersion, cancellation).ConfigureAwait(false);
        ImmutableArray<int> places = dataset is null ? [] : PlacesOf(columns, dataset);
        if (dataset is null || places.Contains(-1) || columns.IsEmpty)
            return null;
        double[] all = await RowReading.FirstAsync(client.Datasets, dataset, places, MostValues, cancellation).ConfigureAwait(false);
        int d = columns.Length, read = all.Length / d, every = Math.Max(1, (read + Wanted - 1) / Wanted), taken = (read + every - 1) / every;
        if (taken == 0)
            return null;
        var values = new double[taken * d];
        for (int row = 0; row < taken; row++)
            all.AsSpan(row * every * d, d).CopyTo(values.AsSpan(row * d));
        var rows = new RowsPayload { Precision = "f8", Columns = d, Values = MemoryMarshal.AsBytes(values.AsSpan()).ToArray() };
        if (!version.Training.Inputs.IsDefaultOrEmpty)
        {
            rows = rows with
            {
                Types = [.. places.Select(place => dataset.Columns[place]).Select(
                    info => new TypedColumn { Name = info.Name, Type = info.Type.Length > 0 ? info.Type : "number", Categories = info.Categories })],
            };
        }

        try
        {
            Assignments answer = await client.Models.AssignAsync(version.Name, version.Version, rows, cancellation).ConfigureAwait(false);
            return new SampledRows(columns, all, values, MemoryMarshal.Cast<byte, int>(answer.Labels.Span).ToArray());
        }
        catch (ClusteringException)
        {
            // Rows that the model cannot be asked about, such as some with gaps, are not shown.
            return null;
        }
    }

    private static ImmutableArray<int> PlacesOf(ImmutableArray<string> columns, DatasetVersion dataset)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach ((int place, ColumnInfo info) in dataset.Columns.Index())
            places.TryAdd(info.Name, place);
        return [.. columns.Select(column => places.GetValueOrDefault(column, -1))];
    }
}
