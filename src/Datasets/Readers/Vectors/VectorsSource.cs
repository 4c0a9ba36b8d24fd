using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace OrleansCluster.Datasets;

/// <summary>
/// Vectors as benchmarks of nearest neighbours have them: each is its length, an int32, and so many float32 (<c>.fvecs</c>), bytes (<c>.bvecs</c>) or int32
/// (<c>.ivecs</c>), little-endian. Nothing but the name tells such a file from others.
/// </summary>
internal sealed class VectorsSource : ITypedSource
{
    private const int MostColumns = 1 << 20, BlockBytes = 4 << 20;

    private readonly InputSource _source;
    private readonly char _kind;
    private readonly int _size;
    private readonly int _width;
    private readonly int _rowBytes;
    private readonly byte[] _bytes;
    private long _rows;

    private VectorsSource(InputSource source)
    {
        (_source, _kind) = (source, source.Ending[1]);
        _size = _kind == 'b' ? 1 : 4;
        _width = source.Start.Length < 4 ? 0 : BinaryPrimitives.ReadInt32LittleEndian(source.Start);
        if (_width is < 1 or > MostColumns)
            throw new DataFormatException($"{Name} is named {source.Ending}, and its first vector has {_width} values: 1 to {MostColumns} can be read. "
                + "Such a file is, for each vector, its length as int32 and its values; rename it if it is something else.");
        _rowBytes = 4 + (_width * _size);
        if (source.Length % _rowBytes is not (null or 0))
            throw Cut();
        _bytes = new byte[Math.Max(1, BlockBytes / _rowBytes) * _rowBytes];
        Fields = [.. Enumerable.Repeat(new TypedField("", FieldKind.Number, "numbers", IsNarrow: _kind != 'i'), _width)];
    }

    public string Name => _source.Name;

    public ImmutableArray<TypedField> Fields { get; }

    /// <summary>Whether a name's ending says that it is such a file.</summary>
    public static bool IsNamed(string ending) => ending is ".fvecs" or ".bvecs" or ".ivecs";

    public static VectorsSource Open(InputSource source) => new(source);

    public bool Next(IReadOnlyList<int> columns, [NotNullWhen(true)] out TypedBlock? block)
    {
        int read = _source.Read(_bytes), rows = read / _rowBytes;
        for (int row = 0; row < rows; row++)
        {
            int width = BinaryPrimitives.ReadInt32LittleEndian(_bytes.AsSpan(row * _rowBytes));
            if (width != _width)
                throw new DataFormatException($"{Name}, row {_rows + row} (from 0): the vector is said to have {width} values, and the first has {_width}. "
                    + "Make all vectors equally long; where they are, the file is damaged or of another kind.");
        }

        if (read % _rowBytes != 0)
            throw Cut();
        _rows += rows;
        block = rows == 0 ? null : new TypedBlock(rows, [.. columns.Select(column => Column(column, rows))]);
        return block is not null;
    }

    public void Dispose() => _source.Dispose();

    private ColumnBlock Column(int column, int rows) => _kind switch
    {
        'f' => ColumnBlock.Of(Values<float>(column, rows)),
        'i' => ColumnBlock.Of(Values<int>(column, rows), null),
        _ => ColumnBlock.Of(Values<byte>(column, rows), null),
    };

    private T[] Values<T>(int column, int rows)
        where T : struct
    {
        var values = new T[rows];
        for (int row = 0; row < rows; row++)
            values[row] = MemoryMarshal.Read<T>(_bytes.AsSpan((row * _rowBytes) + 4 + (column * _size)));
        return values;
    }

    private DataFormatException Cut() => new($"{Name} does not end with a whole vector of {_width} values ({_rowBytes} bytes): it is cut short, or of another "
        + "kind. Copy it again.");
}
