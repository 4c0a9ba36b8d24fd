using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansCluster.Datasets;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Client;

/// <summary>Splits rows into messages of limited length. Buffers that were handed in may be used again when the task has ended.</summary>
internal sealed class DatasetImport(IImportSession import, DatasetSchema schema) : IDatasetImport
{
    /// <summary>Keeps weights and ids of narrow rows short too.</summary>
    private const int MostRows = WireLimits.PieceBytes / sizeof(double);

    private long _sequence;
    private bool _committed;
    private bool _failed;

    /// <summary>Begins an import.</summary>
    public static async Task<IDatasetImport> BeginAsync(IImportSession import, DatasetSchema schema, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(schema);
        schema = schema with { Name = GrainKeys.CheckName("dataset", schema.Name) };
        await import.BeginAsync(schema, cancellation).ConfigureAwait(false);
        return new DatasetImport(import, schema);
    }

    /// <summary>Begins an import whose first rows are those of an earlier version.</summary>
    public static async Task<IDatasetImport> ContinueAsync(
        IImportSession import, DatasetVersion earlier, string source, CancellationToken cancellation, string by = "")
    {
        ArgumentNullException.ThrowIfNull(earlier);
        var schema = new DatasetSchema
        {
            Name = earlier.Name,
            Columns = [.. earlier.Columns.Select(column => column.Name)],
            Precision = earlier.Precision,
            IdColumn = earlier.IdColumn,
            WeightColumn = earlier.WeightColumn,
            Source = source,
            By = by,
            Layout = earlier.Layout,
            // Values may be missing now, where none was before.
            Types = [.. earlier.Columns.Select(column => column.Type.Length > 0 ? column.Type : "number")],
        };
        IDatasetImport rows = await BeginAsync(import, schema, cancellation).ConfigureAwait(false);
        try
        {
            for (int shard = 0; shard < earlier.Shards; shard++)
                await import.ContinueAsync(earlier.Version, shard, cancellation).ConfigureAwait(false);
            return rows;
        }
        catch
        {
            await rows.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async Task AppendAsync(ReadOnlyMemory<byte> values, ReadOnlyMemory<double> weights, ImmutableArray<string> ids,
        CancellationToken cancellation = default)
    {
        List<Piece> pieces = schema.Layout.Length > 0 ? SparsePieces(values) : DensePieces(values);
        int rows = pieces.Sum(piece => piece.Rows);
        Expect("weight", schema.WeightColumn, weights.Length, rows);
        Expect("id", schema.IdColumn, ids.IsDefault ? 0 : ids.Length, rows);
        var sent = new Queue<Task>();
        try
        {
            int first = 0;
            foreach (Piece piece in pieces)
            {
                var message = new ImportRows
                {
                    Sequence = _sequence++,
                    Values = piece.Values,
                    Weights = weights.IsEmpty ? default : MemoryMarshal.AsBytes(weights.Span.Slice(first, piece.Rows)).ToArray(),
                    Ids = ids.IsDefaultOrEmpty ? [] : ids.Slice(first, piece.Rows),
                };
                first += piece.Rows;
                if (sent.Count == WireLimits.PiecesInFlight)
                    await sent.Dequeue().ConfigureAwait(false);
                sent.Enqueue(Send(() => import.AppendAsync(message, cancellation)));
            }

            while (sent.TryDequeue(out Task? oldest))
                await oldest.ConfigureAwait(false);
        }
        finally
        {
            // The buffers are the caller's again.
            await Task.WhenAll(sent).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private List<Piece> DensePieces(ReadOnlyMemory<byte> values)
    {
        int rowBytes = schema.Columns.Length * (schema.Precision == "f4" ? sizeof(float) : sizeof(double));
        if (values.Length % rowBytes != 0)
            throw new ClusteringException($"{values.Length} bytes are not whole rows of {schema.Columns.Length} columns of {schema.Precision} ({rowBytes} "
                + "bytes a row).");
        int most = Math.Clamp(WireLimits.PieceBytes / rowBytes, 1, MostRows) * rowBytes;
        var pieces = new List<Piece>();
        for (; !values.IsEmpty; values = values[pieces[^1].Values.Length..])
        {
            int length = Math.Min(most, values.Length);
            pieces.Add(new Piece(length / rowBytes, values[..length]));
        }

        return pieces;
    }

    /// <summary>Of each row how many entries it has, their columns and their values.</summary>
    private List<Piece> SparsePieces(ReadOnlyMemory<byte> values)
    {
        int entry = sizeof(uint) + (schema.Precision == "f4" ? sizeof(float) : sizeof(double));
        var pieces = new List<Piece>();
        for (; !values.IsEmpty; values = values[pieces[^1].Values.Length..])
        {
            int rows = 0, length = 0;
            while (length < values.Length && rows < MostRows)
            {
                ReadOnlySpan<byte> row = values.Span[length..];
                long bytes = row.Length < sizeof(uint) ? long.MaxValue : sizeof(uint) + (BinaryPrimitives.ReadUInt32LittleEndian(row) * (long)entry);
                if (bytes > row.Length)
                    throw new ClusteringException($"{values.Length} bytes are not whole sparse rows of {schema.Precision}.");
                if (rows > 0 && length + bytes > WireLimits.PieceBytes)
                    break;
                (rows, length) = (rows + 1, length + (int)bytes);
            }

            pieces.Add(new Piece(rows, values[..length]));
        }

        return pieces;
    }

    public async Task AddCategoriesAsync(int column, int first, ImmutableArray<string> texts, CancellationToken cancellation = default)
    {
        for (int sent = 0; sent < texts.Length;)
        {
            int count = 0;
            for (int bytes = 0; sent + count < texts.Length && (count == 0 || bytes < WireLimits.PieceBytes / 2); count++)
                bytes += sizeof(char) * texts[sent + count].Length;
            var message = new ImportCategories { Column = column, First = first + sent, Texts = texts.Slice(sent, count) };
            await Send(() => import.AddCategoriesAsync(message, cancellation)).ConfigureAwait(false);
            sent += count;
        }
    }

    public Task ExpectAsync(ImmutableArray<ExpectationResult> expectations, CancellationToken cancellation = default) =>
        expectations.IsDefaultOrEmpty ? Task.CompletedTask : Send(() => import.ExpectAsync(expectations, cancellation));

    public async Task<DatasetVersion> CommitAsync(CancellationToken cancellation = default)
    {
        DatasetVersion? version = null;
        await Send(async () => version = await import.CommitAsync(cancellation).ConfigureAwait(false)).ConfigureAwait(false);
        _committed = true;
        return version!;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_committed)
            await import.AbortAsync().ConfigureAwait(false);
    }

    /// <summary>Sends a message, again when its answer is lost. After any other failure nobody knows what arrived, so the import is over.</summary>
    private async Task Send(Func<Task> message)
    {
        if (_failed)
            throw new ClusteringException($"The import into '{schema.Name}' failed before: begin it again.");
        try
        {
            await message().ConfigureAwait(false);
        }
        catch
        {
            _failed = true;
            throw;
        }
    }

    private static void Expect(string what, string? column, int given, int rows)
    {
        int expected = column is null ? 0 : rows;
        if (given != expected)
            throw new ClusteringException($"{given} {what}s came with {rows} rows; the schema "
                + $"{(column is null ? $"has no {what} column" : $"wants one a row, from column '{column}'")}.");
    }

    /// <summary>Rows of one message.</summary>
    private readonly record struct Piece(int Rows, ReadOnlyMemory<byte> Values);
}
