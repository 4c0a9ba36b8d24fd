using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using OrleansCluster.Numerics;

namespace OrleansCluster.Datasets;

/// <summary>Reads a two-dimensional npy array block by block; of a column-major one, the needed columns' pieces of each block.</summary>
internal sealed class NpyRowReader : IRowReader
{
    private const int MaximumWidth = 1 << 20;

    // Bounds what is read for a narrow choice of columns from a very wide row-major array.
    private const int MaximumBlock = 8 << 20;

    private readonly FileStream _file;
    private readonly string _path;
    private readonly NpyHeader _header;
    private readonly NpyElement _element;
    private readonly ColumnSelection _selection;
    private readonly RowSchema _schema;
    private readonly int _batchRows;
    private readonly int[] _slots;
    private readonly int[] _columns;
    private byte[] _block = [];
    private long _rows;

    public NpyRowReader(FileStream file, string path, ReadOptions options)
    {
        (_file, _path) = (file, path);
        _header = NpyHeader.Read(file, path);
        _element = NpyElement.Parse(_header.Type, path);
        CheckShape();
        _selection = ColumnSelection.Resolve(
            path, [.. Enumerable.Range(0, (int)_header.Shape[1]).Select(ColumnSelection.DefaultName)], options);
        _schema = _selection.Schema(options.Precision ?? _element.Natural);

        // A block holds whole rows, or the pieces of the columns that are needed.
        _columns = _header.ColumnMajor
            ? [.. _selection.Values, .. new[] { _selection.Weight, _selection.Id }.Where(column => column >= 0)]
            : [.. Enumerable.Range(0, Width)];
        _slots = new int[Width];
        for (int slot = 0; slot < _columns.Length; slot++)
            _slots[_columns[slot]] = slot;
        _batchRows = (int)Math.Min(Height, Math.Min(BatchBuilder.RowsFor(_schema), Math.Max(1, MaximumBlock / (_columns.Length * _element.Size))));
    }

    public IReadOnlyList<string> Columns => _schema.Columns;

    public Precision Precision => _schema.Precision;

    public string? IdColumn => _schema.IdColumn;

    public string? WeightColumn => _schema.WeightColumn;

    public long Height => _header.Shape[0];

    private int Width => (int)_header.Shape[1];

    private bool IsCopy => !_header.ColumnMajor && _element.IsStoredAs(_schema.Precision) && _selection.Values.Length == Width
        && _selection.Values.AsSpan().SequenceEqual(_columns);

    public bool ReadBatch([NotNullWhen(true)] out RowBatch? batch)
    {
        int rows = (int)Math.Min(_batchRows, Height - _rows);
        batch = null;
        if (rows == 0)
            return false;
        var builder = new BatchBuilder(_schema, _rows, rows);
        if (IsCopy)
        {
            ReadAt(builder.Values, _header.DataOffset + (_rows * Width * _element.Size));
            builder.Rows = rows;
            CheckFinite(builder.Values);
        }
        else
        {
            ReadBlock(rows);
            for (int i = 0; i < rows; i++)
            {
                ReadRow(builder, i, rows);
                builder.Rows++;
            }
        }

        _rows += rows;
        batch = builder.ToBatch();
        return true;
    }

    public void Dispose() => _file.Dispose();

    private void CheckShape()
    {
        ImmutableArray<long> shape = _header.Shape;
        if (shape.Length != 2)
        {
            string remedy = shape.Length == 1 ? " For one column: x.reshape(-1, 1)." : " Reshape it: x.reshape(len(x), -1).";
            throw new DataFormatException($"{_path} holds an array of {shape.Length} dimensions; rows and columns are 2.{(shape.Length == 0 ? "" : remedy)}");
        }

        if (shape[0] == 0 || shape[1] == 0)
            throw new DataFormatException($"{_path} holds an array of {shape[0]} rows and {shape[1]} columns. Give one with rows and columns.");
        // Sizes are below 2^63, so their product fits; the bytes might not.
        UInt128 promised = (UInt128)shape[0] * (UInt128)shape[1];
        long held = _file.Length - _header.DataOffset, whole = held / _element.Size;
        if (promised != (UInt128)whole || held % _element.Size != 0)
        {
            throw new DataFormatException(
                $"{_path}: the header promises {shape[0]} × {shape[1]} = {promised} values of {_element.Size} bytes, but {held} bytes follow it. "
                + (promised > (UInt128)whole ? "The file is cut short or its header is wrong: copy or save it again." : "Save one array in a file with numpy.save."));
        }

        if (shape[1] > MaximumWidth)
            throw new DataFormatException($"{_path} has {shape[1]} columns, of which at most {MaximumWidth} can be listed. Save the ones that are needed: x[:, :n].");
    }

    private void ReadBlock(int rows)
    {
        int size = _element.Size;
        if (_block.Length == 0)
            _block = new byte[_batchRows * _columns.Length * size];
        if (!_header.ColumnMajor)
        {
            ReadAt(_block.AsSpan(0, rows * Width * size), _header.DataOffset + (_rows * Width * size));
            return;
        }

        for (int slot = 0; slot < _columns.Length; slot++)
            ReadAt(_block.AsSpan(slot * rows * size, rows * size), _header.DataOffset + (((_columns[slot] * Height) + _rows) * size));
    }

    private void ReadAt(Span<byte> bytes, long offset)
    {
        try
        {
            while (bytes.Length > 0)
            {
                int read = RandomAccess.Read(_file.SafeFileHandle, bytes, offset);
                if (read == 0)
                    throw new DataFormatException($"{_path} became shorter while it was read. Read it when nothing writes to it.");
                bytes = bytes[read..];
                offset += read;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"{_path} cannot be read: {FileFailure.Reason(e)}", e);
        }
    }

    private ReadOnlySpan<byte> Cell(int row, int column, int rows)
    {
        int slot = _slots[column], size = _element.Size;
        return _block.AsSpan((_header.ColumnMajor ? (slot * rows) + row : (row * _columns.Length) + slot) * size, size);
    }

    private void ReadRow(BatchBuilder builder, int row, int rows)
    {
        int[] columns = _selection.Values;
        for (int j = 0; j < columns.Length; j++)
        {
            double value = Number(builder.Position, columns[j], Cell(row, columns[j], rows));
            if (!builder.TrySetValue(j, value))
                throw Error(builder.Position, columns[j], Invariant($"{value} is beyond what float32 can hold. Use --dtype f8, or scale the column."));
        }

        if (_selection.Weight >= 0)
        {
            double weight = Number(builder.Position, _selection.Weight, Cell(row, _selection.Weight, rows));
            builder.SetWeight(weight >= 0 ? weight : throw Error(builder.Position, _selection.Weight, Invariant($"the weight {weight} is negative. Weights are at least 0.")));
        }

        if (_selection.Id >= 0)
            builder.SetId(_element.Show(Cell(row, _selection.Id, rows)));
    }

    private double Number(long row, int column, ReadOnlySpan<byte> cell)
    {
        if (!_element.TryRead(cell, out double value))
            throw Error(row, column, $"{_element.Show(cell)} is an integer beyond 2^53, which float64 would change. Carry it as --id-column, or leave the column out.");
        return double.IsFinite(value) ? value : throw NotFinite(row, column, value);
    }

    private void CheckFinite(ReadOnlySpan<byte> values)
    {
        int at = -1;
        double value = 0;
        if (_schema.Precision == Precision.Float32)
        {
            ReadOnlySpan<float> floats = MemoryMarshal.Cast<byte, float>(values);
            for (int i = 0; i < floats.Length && at < 0; i++)
            {
                if (!float.IsFinite(floats[i]))
                    (at, value) = (i, floats[i]);
            }
        }
        else
        {
            ReadOnlySpan<double> doubles = MemoryMarshal.Cast<byte, double>(values);
            for (int i = 0; i < doubles.Length && at < 0; i++)
            {
                if (!double.IsFinite(doubles[i]))
                    (at, value) = (i, doubles[i]);
            }
        }

        if (at >= 0)
            throw NotFinite(_rows + (at / Width), at % Width, value);
    }

    private DataFormatException NotFinite(long row, int column, double value) =>
        Error(row, column, Invariant($"{value} is not a finite number. Remove the row or fill the value in."));

    private DataFormatException Error(long row, int column, string message) =>
        new(Invariant($"{_path}, element [{row}, {column}] (column '{_selection.Name(column)}'): ") + message);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
