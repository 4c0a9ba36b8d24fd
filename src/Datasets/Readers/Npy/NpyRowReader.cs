using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>Reads an npy array block by block, front to back; of a column-major one, the needed columns' pieces of each block.</summary>
internal sealed class NpyRowReader : IRowReader
{
    // Bounds what is read for a narrow choice of columns from a very wide row-major array.
    private const int MaximumBlock = 8 << 20;

    private readonly NpyTable _table;
    private readonly NpyHeader _header;
    private readonly ReadOptions _options;
    private readonly ColumnSelection _selection;
    private readonly int _batchRows;

    // Row-major: bytes of a row, and where columns begin in it. Column-major: bytes of the pieces of one row, and whose piece is the how-manieth.
    private readonly int _rowBytes;
    private readonly int[] _offsets;
    private readonly int[] _pieces;
    private readonly (SafeFileHandle File, long Begin) _columnMajor;
    private byte[] _block = [];
    private MissingValues? _missing;
    private long _rows;

    public NpyRowReader(NpyTable table, ColumnSelection selection, ReadOptions options)
    {
        (_table, _header, _selection, _options) = (table, table.Header, selection, options);
        CheckTypes();
        Columns = _selection.Names(table.Names);
        Precision = options.Precision
            ?? (_selection.Values.All(column => table.Element(column).Natural == Precision.Float32) ? Precision.Float32 : Precision.Float64);
        bool columnMajor = _header is { ColumnMajor: true, Shape.Length: 2 };
        _pieces = columnMajor
            ? [.. _selection.Values.Concat([_selection.Weight, _selection.Id, _selection.Label]).Where(column => column >= 0).Distinct()]
            : [];
        _offsets = new int[table.Names.Count];
        if (columnMajor)
        {
            for (int piece = 0; piece < _pieces.Length; piece++)
                _offsets[_pieces[piece]] = piece;
            (SafeFileHandle file, long begin, long end) = table.Source.Rest(_header.DataOffset);
            NpyTable.CheckLength(table.Name, _header, end - begin);
            _columnMajor = (file, begin);
            _rowBytes = _pieces.Length * _header.ElementBytes;
        }
        else
        {
            for (int column = 0; column < _offsets.Length; column++)
                _offsets[column] = _header.IsRecord ? _header.Fields[column].Offset : column * _header.ElementBytes;
            _rowBytes = _header.ElementBytes * (_header.Shape.Length == 2 ? (int)_header.Shape[1] : 1);
        }

        _batchRows = (int)Math.Min(Height, Math.Min(BatchBuilder.RowsFor(_selection, Precision), Math.Max(1, MaximumBlock / _rowBytes)));
    }

    public IReadOnlyList<string> Columns { get; }

    public Precision Precision { get; }

    public ImmutableArray<ColumnType> Types => _options.Typed ? [.. Enumerable.Repeat(ColumnType.Number, _selection.Values.Length)] : [];

    public string? IdColumn => NameOf(_selection.Id);

    public string? WeightColumn => NameOf(_selection.Weight);

    public string? LabelColumn => NameOf(_selection.Label);

    private long Height => _header.Shape[0];

    private int Width => _table.Names.Count;

    private bool IsColumnMajor => _pieces.Length > 0;

    private bool IsCopy => !IsColumnMajor && !_header.IsRecord && _header.Fields[0].Element.IsStoredAs(Precision) && _selection.Values.Length == Width
        && !_selection.Values.Where((column, position) => column != position).Any();

    public bool ReadBatch([NotNullWhen(true)] out RowBatch? batch)
    {
        while (_rows < Height)
        {
            BatchBuilder builder = ReadRows((int)Math.Min(_batchRows, Height - _rows));
            _rows += builder.Rows;
            // Once a value is missing, the rest is only looked at for more of them.
            if (_missing is not null)
                continue;
            batch = builder.ToBatch();
            return true;
        }

        CheckEnd();
        batch = null;
        return false;
    }

    public void Dispose() => _table.Dispose();

    private string? NameOf(int column) => column < 0 ? null : _table.Names[column];

    private void CheckTypes()
    {
        foreach (int column in _selection.Values.Append(_selection.Weight).Where(column => column >= 0 && !_table.Element(column).IsNumber))
        {
            NpyElement element = _table.Element(column);
            if (_header.IsRecord && element.CanBeShown && _options.HasOptions)
                throw new DataFormatException($"{_table.Name}, column '{_table.Names[column]}': the values are text (dtype '{element.Type}'). "
                    + $"{Without(column)}");
            throw element.Refusal(_header.IsRecord ? $"{_table.Name}, column '{_table.Names[column]}'" : _table.Name);
        }

        foreach (int column in new[] { _selection.Id, _selection.Label }.Where(column => column >= 0 && !_table.Element(column).CanBeShown))
            throw _table.Element(column).Refusal(_header.IsRecord ? $"{_table.Name}, column '{_table.Names[column]}'" : _table.Name);
    }
    /// <summary>
    /// What <c>--id-column</c> takes for a value column that can become the rows' id; null: it cannot. Ids and columns that somebody asked for stay.
    /// </summary>
    private string? MayBeId(int column) =>
        _options is { HasOptions: true, IdColumn: null, Columns: null } && !_selection.AreNeeded && column != _selection.Weight && _selection.Values.Length > 1
            ? _table.Names.Token(column) : null;

    private string Without(int column)
    {
        int[] numbers = [.. _selection.Values.Where(other => other != column && _table.Element(other).IsNumber)];
        string? list = _table.Names.Selection(numbers), id = _selection.Values.Length - numbers.Length == 1 ? MayBeId(column) : null;
        return (list, id) switch
        {
            _ when _selection.AreNeeded => "Save numbers.",
            (null, _) => "Save numbers.",
            (_, null) => $"Leave it out: --columns {list}.",
            _ => $"Leave it out: --columns {list}, or carry it along with --id-column {id}.",
        };
    }

    private BatchBuilder ReadRows(int rows)
    {
        var builder = new BatchBuilder(_selection, Precision, _rows, rows, hasLines: false);
        if (IsCopy)
        {
            ReadNext(builder.Values);
            builder.Rows = rows;
            CheckFinite(builder.Values);
            return builder;
        }

        ReadBlock(rows);
        for (int i = 0; i < rows; i++, builder.Rows++)
        {
            try
            {
                ReadRow(builder, i, rows);
            }
            catch (DataFormatException) when (_missing is not null)
            {
                // One message is enough.
            }
        }

        return builder;
    }

    private void CheckEnd()
    {
        if (_missing is not null)
            throw _missing.Refusal(Height);
        // Of a pipe it shows only now whether more follows.
        if (!IsColumnMajor && _table.Source.Length is null && _table.Source.Read(new byte[1]) > 0)
            throw new DataFormatException($"{_table.Name}: more follows the {string.Join(" × ", _header.Shape)} values that the header promises. Save one "
                + "array in a file with numpy.save.");
    }

    private void ReadBlock(int rows)
    {
        if (_block.Length == 0)
            _block = new byte[_batchRows * _rowBytes];
        if (!IsColumnMajor)
        {
            ReadNext(_block.AsSpan(0, rows * _rowBytes));
            return;
        }

        int size = _header.ElementBytes;
        for (int piece = 0; piece < _pieces.Length; piece++)
            ReadAt(_block.AsSpan(piece * rows * size, rows * size), _columnMajor.Begin + (((_pieces[piece] * Height) + _rows) * size));
    }

    private void ReadNext(Span<byte> bytes)
    {
        int read = _table.Source.Read(bytes);
        if (read < bytes.Length)
        {
            if (_table.Source.Length is not null)
                throw Shorter();
            NpyTable.CheckLength(_table.Name, _header, (_rows * _rowBytes) + read);
        }
    }

    private void ReadAt(Span<byte> bytes, long offset)
    {
        try
        {
            while (bytes.Length > 0)
            {
                int read = RandomAccess.Read(_columnMajor.File, bytes, offset);
                if (read == 0)
                    throw Shorter();
                bytes = bytes[read..];
                offset += read;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataFormatException($"{_table.Name} cannot be read: {FileFailure.Reason(e)}", e);
        }
    }

    private DataFormatException Shorter() => new($"{_table.Name} became shorter while it was read. Read it when nothing writes to it.");

    private ReadOnlySpan<byte> Cell(int row, int column, int rows)
    {
        int size = _table.Element(column).Size;
        return _block.AsSpan(IsColumnMajor ? ((_offsets[column] * rows) + row) * size : (row * _rowBytes) + _offsets[column], size);
    }

    private void ReadRow(BatchBuilder builder, int row, int rows)
    {
        bool whole = true;
        int[] columns = _selection.Values;
        for (int j = 0; j < columns.Length; j++)
        {
            double value = Number(builder.Position, columns[j], row, rows, ref whole);
            if (!builder.TrySetValue(j, value) && double.IsFinite(value))
                throw Error(builder.Position, columns[j],
                    Invariant($"{value} is beyond what float32 can hold. {(_options.HasOptions ? "Use --dtype f8, or scale" : "Scale")} the column."));
        }

        if (_selection.Weight >= 0)
        {
            double weight = Number(builder.Position, _selection.Weight, row, rows, ref whole);
            builder.SetWeight(RowWeights.Fault(weight) is not { } fault ? weight
                : throw Error(builder.Position, _selection.Weight, Invariant($"the weight {weight} {fault}")));
        }

        if (_selection.Id >= 0)
            builder.SetId(Id(builder.Position, Show(row, _selection.Id, rows)));
        if (_selection.Label >= 0)
            builder.SetLabel(Label(builder.Position, Show(row, _selection.Label, rows), ref whole));
    }

    private string Show(int row, int column, int rows) => _table.Element(column).Show(Cell(row, column, rows));

    private string Id(long row, string id) => id.Length > 0 && System.Text.Encoding.UTF8.GetByteCount(id) <= ShardFormat.MaximumIdBytes
        ? id
        : throw Error(row, _selection.Id, $"the id has {System.Text.Encoding.UTF8.GetByteCount(id)} bytes. An id has 1 to {ShardFormat.MaximumIdBytes}.");

    private string Label(long row, string label, ref bool whole)
    {
        if (label.Length == 0 || NumberText.IsMissing(System.Text.Encoding.UTF8.GetBytes(label)))
            Miss(row, _selection.Label, ref whole);
        return label;
    }

    private double Number(long position, int column, int row, int rows, ref bool whole)
    {
        ReadOnlySpan<byte> cell = Cell(row, column, rows);
        NpyElement element = _table.Element(column);
        if (!element.TryRead(cell, out double value))
        {
            string remedy = MayBeId(column) is { } id ? $"Carry it as --id-column {id}, or have it rounded: x.astype('f8')."
                : "Have it rounded: x.astype('f8').";
            throw Error(position, column, $"{element.Show(cell)} is an integer beyond 2^53, which float64 would change. {remedy}");
        }

        if (double.IsNaN(value))
            Miss(position, column, ref whole);
        else if (!double.IsFinite(value))
            throw NotFinite(position, column, value);
        return value;
    }

    private void CheckFinite(ReadOnlySpan<byte> values)
    {
        if (Precision == Precision.Float32)
        {
            ReadOnlySpan<float> narrow = MemoryMarshal.Cast<byte, float>(values);
            if (FiniteValues.FirstOther(narrow) >= 0)
                CheckFinite(narrow);
        }
        else if (MemoryMarshal.Cast<byte, double>(values) is var wide && FiniteValues.FirstOther(wide) >= 0)
        {
            CheckFinite(wide);
        }
    }

    private void CheckFinite<T>(ReadOnlySpan<T> values)
        where T : struct, System.Numerics.IFloatingPointIeee754<T>
    {
        for (int i = 0, lacking = -1; i < values.Length; i++)
        {
            if (T.IsFinite(values[i]))
                continue;
            (long row, int column) = (_rows + (i / Width), i % Width);
            if (!T.IsNaN(values[i]))
            {
                if (_missing is null)
                    throw NotFinite(row, column, double.CreateChecked(values[i]));
                continue;
            }

            bool whole = lacking != i / Width;
            lacking = i / Width;
            Miss(row, column, ref whole);
        }
    }

    private void Miss(long row, int column, ref bool whole)
    {
        if (_options is { Typed: true, AllowsMissing: true } && column != _selection.Weight && column != _selection.Label)
            return;
        _missing ??= new MissingValues(_table.Name, _table.Names, _selection, _options);
        _missing.Add(column, whole, () => Invariant($"first in element [{row}, {column}]"));
        whole = false;
    }

    private DataFormatException NotFinite(long row, int column, double value) =>
        Error(row, column, Invariant($"{value} is not a finite number. Remove the row or fill the value in."));

    private DataFormatException Error(long row, int column, string message) =>
        new(Invariant($"{_table.Name}, element [{row}, {column}] (column '{_table.Names[column]}'): ") + message);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
