using OrleansCluster.Client;
using OrleansCluster.Datasets;

namespace OrleansCluster.Cli.Input;

/// <summary>Rows that are read while those before them are written.</summary>
internal static class RowsImport
{
    /// <summary>Adds all rows of a reader.</summary>
    /// <param name="import">Where they go.</param>
    /// <param name="reader">The rows; nobody else looks at them.</param>
    /// <param name="taken">What is told of some rows, and answers their values as they are written.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task AppendAsync(
        this IDatasetImport import, IRowReader reader, Func<RowBatch, ReadOnlyMemory<byte>> taken, CancellationToken cancellation)
    {
        Task written = Task.CompletedTask;
        RowBatch? before = null;
        try
        {
            while (reader.ReadBatch(out RowBatch? batch))
            {
                ReadOnlyMemory<byte> values = taken(batch);
                await written.ConfigureAwait(false);
                before?.Return();
                (before, written) = (batch, import.AppendAsync(values, batch.Weights, batch.Ids, cancellation));
            }

            await written.ConfigureAwait(false);
        }
        finally
        {
            // Of two failures that of the reader is told.
            await written.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
