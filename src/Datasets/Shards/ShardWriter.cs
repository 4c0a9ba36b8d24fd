using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansCluster.Datasets;

/// <summary>
/// Writes one shard into a blob store. Values go to the store as they come; weights and ids (small beside them) are kept until
/// <see cref="CompleteAsync"/>. Not thread-safe. Disposing it earlier leaves nothing behind.
/// </summary>
public sealed class ShardWriter : IAsyncDisposable
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly RowSchema _schema;
    private readonly BlobWriter _blob;
    private readonly RowSummarizer _summary;
    private readonly long _firstRow;
    private readonly List<double> _weights = [];
    private readonly List<uint> _idOffsets = [0];
    private readonly List<uint> _rowOffsets = [0];
    private readonly ArrayBufferWriter<byte> _ids = new();
    private uint _checksum;

    /// <param name="store">Where the shard goes.</param>
    /// <param name="schema">What every row holds.</param>
    /// <param name="firstRow">Position of the shard's first row in the dataset, for messages; it is not stored.</param>
    public ShardWriter(IBlobStore store, RowSchema schema, long firstRow = 0)
    {
        (_schema, _firstRow) = (schema, firstRow);
        _summary = new RowSummarizer(schema);
        _blob = store.Create();
    }

    /// <summary>Rows so far.</summary>
    public int Rows { get; private set; }

    /// <summary>Adds rows.</summary>
    /// <param name="values">Whole rows, row-major, little-endian, in the schema's precision; sparse ones as <see cref="SparseRowBytes"/> has them.</param>
    /// <param name="weights">One a row when the schema has a weight column, else empty.</param>
    /// <param name="ids">One a row when the schema has an id column, else empty.</param>
    /// <param name="cancellation">Gives up; the shard is then of no use.</param>
    /// <exception cref="ArgumentException">The lengths do not agree, or the rows are more than a shard holds.</exception>
    /// <exception cref="DataFormatException">A value is not finite, a weight negative or not finite, an id empty or too long.</exception>
    /// <exception cref="IOException">The store cannot be written to.</exception>
    public async Task AppendAsync(
        ReadOnlyMemory<byte> values, ReadOnlyMemory<double> weights, ReadOnlyMemory<string> ids, CancellationToken cancellation = default)
    {
        int rows = RowBytes.Count(_schema, values, weights, ids);
        if (rows > ShardFormat.RowsPerShard - Rows)
            throw new ArgumentException($"{Rows} + {rows} rows do not fit a shard of {ShardFormat.RowsPerShard}.", nameof(values));
        _summary.Add(values.Span, weights.Span, _firstRow + Rows);
        AddIds(ids.Span);
        _weights.AddRange(weights.Span);
        if (Rows == 0)
        {
            await WriteAsync(
                ShardFormat.Header(
                    _schema.Precision, _schema.Columns.Length, _schema.WeightColumn is not null, _schema.IdColumn is not null, _schema.IsSparse),
                cancellation).ConfigureAwait(false);
        }

        Rows += rows;
        await WriteAsync(_schema.IsSparse ? SparseRowBytes.Entries(values.Span, _schema.Precision, _rowOffsets) : values, cancellation).ConfigureAwait(false);
    }

    /// <summary>Ends the shard and puts it into the store.</summary>
    /// <exception cref="InvalidOperationException">There are no rows.</exception>
    /// <exception cref="IOException">The store cannot be written to.</exception>
    public async Task<ShardSummary> CompleteAsync(CancellationToken cancellation = default)
    {
        if (Rows == 0)
            throw new InvalidOperationException("A shard has at least one row.");
        await PadAsync(cancellation).ConfigureAwait(false);
        if (_schema.WeightColumn is not null)
        {
            await WriteAsync(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_weights)).ToArray(), cancellation).ConfigureAwait(false);
            await PadAsync(cancellation).ConfigureAwait(false);
        }

        if (_schema.IsSparse)
        {
            await WriteAsync(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_rowOffsets)).ToArray(), cancellation).ConfigureAwait(false);
            await PadAsync(cancellation).ConfigureAwait(false);
        }

        if (_schema.IdColumn is not null)
        {
            await WriteAsync(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(_idOffsets)).ToArray(), cancellation).ConfigureAwait(false);
            await WriteAsync(_ids.WrittenMemory, cancellation).ConfigureAwait(false);
            await PadAsync(cancellation).ConfigureAwait(false);
        }

        await _blob.WriteAsync(ShardFormat.Footer(Rows, (uint)_ids.WrittenCount, _checksum), cancellation).ConfigureAwait(false);
        string hash = await _blob.CommitAsync(cancellation).ConfigureAwait(false);
        return new ShardSummary(hash, Rows, _blob.Length, _summary.Columns, _summary.WeightTotal, _summary.WeightMaximum);
    }

    public ValueTask DisposeAsync() => _blob.DisposeAsync();

    private void AddIds(ReadOnlySpan<string> ids)
    {
        for (int i = 0; i < ids.Length; i++)
        {
            int length;
            try
            {
                length = StrictUtf8.GetByteCount(ids[i]);
            }
            catch (EncoderFallbackException e)
            {
                throw new DataFormatException($"Row {_firstRow + Rows + i}, id column '{_schema.IdColumn}': the id is not valid text.", e);
            }

            if (length is 0 or > ShardFormat.MaximumIdBytes)
            {
                throw new DataFormatException(
                    $"Row {_firstRow + Rows + i}, id column '{_schema.IdColumn}': the id has {length} bytes. An id has 1 to {ShardFormat.MaximumIdBytes}.");
            }

            _ids.Advance(StrictUtf8.GetBytes(ids[i], _ids.GetSpan(length)));
            _idOffsets.Add((uint)_ids.WrittenCount);
        }
    }

    private ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation)
    {
        _checksum = ShardFormat.Checksum(_checksum, bytes.Span);
        return _blob.WriteAsync(bytes, cancellation);
    }

    private ValueTask PadAsync(CancellationToken cancellation) =>
        WriteAsync(new byte[ShardFormat.Align(_blob.Length) - _blob.Length], cancellation);
}
