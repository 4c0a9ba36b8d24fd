using System.Buffers;
using System.IO.MemoryMappedFiles;
using System.Runtime.InteropServices;
using System.Text;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>
/// A shard file mapped into memory and verified once, when it is opened. <see cref="Rows"/> and the ids are views of the mapping,
/// which <see cref="Dispose"/> takes away: dispose only when no work on them is under way.
/// </summary>
public sealed unsafe class MappedShard : IDisposable
{
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _bytes;
    private readonly RowBlock? _dense;
    private readonly MappedMemory<byte> _idText;
    private readonly MappedMemory<uint> _idOffsets;
    private bool _disposed;

    private MappedShard(MemoryMappedViewAccessor view, long length, string path, long firstRow)
    {
        _view = view;
        view.SafeMemoryMappedViewHandle.AcquirePointer(ref _bytes);
        try
        {
            Layout layout = Layout.Verify(new MappedBytes(_bytes, length), path);
            _idOffsets = new(this, layout.IdOffsets, layout.HasIds ? layout.Rows + 1 : 0);
            _idText = new(this, layout.IdText, (int)layout.IdBytes);
            Weights = new MappedMemory<double>(this, layout.Weights, layout.HasWeights ? layout.Rows : 0).Memory;
            (Count, Columns, Precision, HasIds) = (layout.Rows, layout.Columns, layout.Precision, layout.HasIds);
            if (layout.IsSparse)
            {
                Sparse = ReadSparse(layout, path, firstRow);
                return;
            }

            int values = layout.Rows * layout.Columns;
            _dense = layout.Precision == Precision.Float32
                ? new RowBlock(new MappedMemory<float>(this, layout.Values, values).Memory, layout.Columns, Weights, firstRow)
                : new RowBlock(new MappedMemory<double>(this, layout.Values, values).Memory, layout.Columns, Weights, firstRow);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The rows, in place.</summary>
    /// <exception cref="DataFormatException">They are sparse.</exception>
    public RowBlock Rows => _dense ?? throw new DataFormatException(
        "The rows are stored sparse, and this needs dense ones: import them with --dense, or train k-means on them as they are.");

    /// <summary>The rows, in place; null: they are dense.</summary>
    public SparseBlock? Sparse { get; }

    /// <summary>Number of rows.</summary>
    public int Count { get; }

    public int Columns { get; }

    public Precision Precision { get; }

    /// <summary>One weight a row, or empty.</summary>
    public ReadOnlyMemory<double> Weights { get; }

    /// <summary>Whether rows carry ids.</summary>
    public bool HasIds { get; }

    /// <summary>Maps the shard file <paramref name="path"/> and verifies its checksum.</summary>
    /// <param name="path">A file written by <see cref="ShardWriter"/>.</param>
    /// <param name="firstRow">Position of its first row in the dataset version.</param>
    /// <exception cref="DataFormatException">The file is damaged, torn, no shard, or of a newer version.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static MappedShard Open(string path, long firstRow = 0)
    {
        MemoryMappedFile file;
        long length;
        try
        {
            length = new FileInfo(path).Length;
            if (length < 2 * ShardFormat.Alignment)
                throw Layout.Damaged(path, $"it has only {length} bytes");
            file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, capacity: 0, MemoryMappedFileAccess.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path} cannot be read: {FileFailure.Reason(e)}", e);
        }

        using (file)
            return new MappedShard(file.CreateViewAccessor(0, 0, MemoryMappedFileAccess.Read), length, path, firstRow);
    }

    /// <summary>Some rows with their zeros: in place where they are dense, else a copy.</summary>
    public RowBlock Dense(int first, int count) => Sparse is { } sparse ? sparse.ToDense(first, count) : Rows.Slice(first, count);

    /// <summary>The id of row <paramref name="row"/> (from 0 in this shard).</summary>
    /// <exception cref="InvalidOperationException">The rows carry no ids.</exception>
    public string Id(int row)
    {
        if (!HasIds)
            throw new InvalidOperationException("The rows of this shard carry no ids.");
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(row, Count);
        Span<uint> offsets = _idOffsets.GetSpan();
        return Encoding.UTF8.GetString(_idText.GetSpan()[(int)offsets[row]..(int)offsets[row + 1]]);
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
    }

    /// <summary>The rows, whose offsets and columns are where they may be: kernels go where those say.</summary>
    private SparseBlock ReadSparse(Layout layout, string path, long firstRow)
    {
        ReadOnlyMemory<uint> offsets = new MappedMemory<uint>(this, layout.RowOffsets, layout.Rows + 1).Memory;
        long entries = 0;
        foreach (uint end in offsets.Span)
            entries = end >= entries && end <= layout.Entries ? end : throw Layout.Damaged(path, "where its rows begin makes no sense");
        int bytes = (int)(layout.Entries * SparseBlock.EntryBytesOf(layout.Precision));
        var rows = new SparseBlock(
            layout.Precision, layout.Columns, new MappedMemory<byte>(this, layout.Values, bytes).Memory, offsets, Weights, firstRow);
        for (int row = 0; row < rows.Rows; row++)
        {
            long last = -1;
            foreach (uint column in rows.ColumnsOf(row))
                last = column > last && column < layout.Columns ? column : throw Layout.Damaged(path, $"the columns of row {row} make no sense");
        }

        return rows;
    }

    /// <summary>Where the parts of a shard are, found only after the whole file was verified.</summary>
    private readonly record struct Layout(
        Precision Precision, int Columns, int Rows, bool HasWeights, bool HasIds, long Values, long Weights, long IdOffsets, long IdText, uint IdBytes,
        bool IsSparse, long RowOffsets, long Entries)
    {
        public static Layout Verify(MappedBytes file, string path)
        {
            if (ShardFormat.ReadHeader(file[0, ShardFormat.Alignment]) is not { } header)
                throw new DataFormatException($"{path} is not a shard: its first bytes are not a shard's.");
            if (header.Version > ShardFormat.Version)
                throw new DataFormatException($"{path} has shard format {header.Version}, this program reads up to {ShardFormat.Version}: use a newer one.");
            long end = file.Length - ShardFormat.Alignment;
            if (ShardFormat.ReadFooter(file[end, ShardFormat.Alignment]) is not { } footer)
                throw Damaged(path, "its end is missing or changed");
            uint checksum = 0;
            for (long at = 0; at < end; at += 1 << 30)
                checksum = ShardFormat.Checksum(checksum, file[at, (int)Math.Min(end - at, 1 << 30)]);
            if (checksum != footer.ContentChecksum)
                throw Damaged(path, "its checksum does not match its content");

            bool hasWeights = (header.Flags & ShardFormat.WeightsFlag) != 0, hasIds = (header.Flags & ShardFormat.IdsFlag) != 0;
            bool isSparse = (header.Flags & ShardFormat.SparseFlag) != 0;
            bool sane = header.Version == (isSparse ? ShardFormat.Version : 1) && header.Precision is 4 or 8 && header.Columns >= 1
                && header.Columns <= (isSparse ? SparseBlock.MostColumns : RowSchema.MaximumColumns)
                && footer.Rows is >= 1 and <= ShardFormat.RowsPerShard && footer.IdBytes <= int.MaxValue
                && (header.Flags & ~(ShardFormat.WeightsFlag | ShardFormat.IdsFlag | ShardFormat.SparseFlag)) == 0;
            if (!sane)
                throw Damaged(path, "its header makes no sense");
            long entries = 0, values = (long)footer.Rows * header.Columns * header.Precision, offsetBytes = ((long)footer.Rows + 1) * sizeof(uint);
            if (isSparse)
            {
                // The number of entries stands where the last row ends, and that in its place before the end.
                long ids = hasIds ? ShardFormat.Align(offsetBytes + footer.IdBytes) : 0;
                long last = end - ids - ShardFormat.Align(offsetBytes) + offsetBytes - sizeof(uint);
                if (last < ShardFormat.Alignment)
                    throw Damaged(path, "it is too short for its rows");
                entries = MemoryMarshal.Read<uint>(file[last, sizeof(uint)]);
                values = entries * SparseBlock.EntryBytesOf((Precision)header.Precision);
                if (values > int.MaxValue)
                    throw Damaged(path, "where its rows begin makes no sense");
            }

            long weights = ShardFormat.Align(ShardFormat.Alignment + values);
            long rowOffsets = hasWeights ? ShardFormat.Align(weights + ((long)footer.Rows * sizeof(double))) : weights;
            long idOffsets = isSparse ? ShardFormat.Align(rowOffsets + offsetBytes) : rowOffsets;
            long idText = hasIds ? idOffsets + (((long)footer.Rows + 1) * sizeof(uint)) : idOffsets;
            if (ShardFormat.Align(idText + footer.IdBytes) != end)
                throw Damaged(path, $"its length is {file.Length} bytes, which does not fit its {footer.Rows} rows");
            return new Layout(
                (Precision)header.Precision, header.Columns, footer.Rows, hasWeights, hasIds, ShardFormat.Alignment, weights, idOffsets, idText,
                    footer.IdBytes, isSparse, rowOffsets, entries);
        }

        public static DataFormatException Damaged(string path, string what) =>
            new($"The shard {path} is damaged: {what}. Restore the file from a copy, or import the dataset again.");
    }

    /// <summary>The mapping, longer than a span can be.</summary>
    private readonly ref struct MappedBytes(byte* bytes, long length)
    {
        private readonly byte* _bytes = bytes;

        public long Length { get; } = length;

        public ReadOnlySpan<byte> this[long offset, int count] => new(_bytes + offset, count);
    }

    private sealed class MappedMemory<T>(MappedShard shard, long offset, int length) : MemoryManager<T>
        where T : unmanaged
    {
        public override Span<T> GetSpan()
        {
            ObjectDisposedException.ThrowIf(shard._disposed, shard);
            return new Span<T>(shard._bytes + offset, length);
        }

        public override MemoryHandle Pin(int elementIndex = 0)
        {
            ObjectDisposedException.ThrowIf(shard._disposed, shard);
            return new MemoryHandle((T*)(shard._bytes + offset) + elementIndex);
        }

        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
