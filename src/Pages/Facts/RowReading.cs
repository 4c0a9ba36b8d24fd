using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Datasets;

namespace OrleansCluster.Pages.Facts;

/// <summary>Reads the beginning of a dataset.</summary>
internal static class RowReading
{
    /// <summary>The first rows, row-major.</summary>
    /// <param name="columns">Places of the columns that are wanted.</param>
    /// <param name="most">Most values.</param>
    public static async Task<double[]> FirstAsync(
        IDatasetClient datasets, DatasetVersion dataset, ImmutableArray<int> columns, int most, CancellationToken cancellation)
    {
        var values = new List<double>();
        int rows = Math.Max(1, most / Math.Max(1, columns.Length));
        await foreach (DatasetRows part in datasets.ReadAsync(dataset, columns, cancellation).ConfigureAwait(false))
        {
            if (dataset.Precision == "f4")
            {
                foreach (float value in MemoryMarshal.Cast<byte, float>(part.Values.Span))
                    values.Add(value);
            }
            else
            {
                values.AddRange(MemoryMarshal.Cast<byte, double>(part.Values.Span));
            }

            if (values.Count >= rows * columns.Length)
                break;
        }

        return [.. values.Take(rows * columns.Length)];
    }
}
