using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>Reads rows of a table whose format says what its columns hold.</summary>
internal sealed class TypedRowReader : IRowReader
{
    /// <summary>So few that their values stay in the processor's caches while column after column is written into them.</summary>
    private const int MostCopied = 512;

    private readonly ITypedSource _source;
    private readonly ColumnNames _names;
    private readonly ColumnSelection _selection;
    private readonly ReadOptions _options;
    private readonly TypedRemedies _remedies;
    private readonly ColumnType[] _types;
    private readonly CategoryTexts[] _texts;
    private readonly int[] _wanted;
    private readonly int[] _places;
    private readonly int _batchRows;
    private readonly bool _hasNothingBeside;
    private MissingValues? _missing;
    private TypedBlock? _block;
    private int _at;
    private long _rows;
    private long _singly;

    public TypedRowReader(ITypedSource source, ColumnNames names, ColumnSelection selection, ReadOptions options)
    {
        (_source, _names, _selection, _options) = (source, names, selection, options);
        _remedies = new TypedRemedies(source, names, selection, options);
        _remedies.CheckFields();
        Dictionary<int, ColumnType> said = options.Typed ? TypeChoice.Of(options, names) : [];
        _types = [.. selection.Values.Select(column => !options.Typed ? ColumnType.Number
            : said.TryGetValue(column, out ColumnType type) ? type : source.Fields[column].Natural)];
        _texts = [.. _types.Select(_ => new CategoryTexts())];
        Columns = selection.Names(names);
        Precision = options.Precision ?? (selection.Values.Length > 0 && selection.Values.All(column => source.Fields[column].IsNarrow)
            && !_types.Contains(ColumnType.Time) ? Precision.Float32 : Precision.Float64);
        _wanted = [.. selection.Values.Concat([selection.Weight, selection.Id, selection.Label]).Where(column => column >= 0).Distinct()];
        _places = new int[names.Count];
        for (int place = 0; place < _wanted.Length; place++)
            _places[_wanted[place]] = place;
        _batchRows = BatchBuilder.RowsFor(selection, Precision);
        _hasNothingBeside = selection is { Weight: < 0, Id: < 0, Label: < 0 };
    }

    public IReadOnlyList<string> Columns { get; }

    public Precision Precision { get; }

    public ImmutableArray<ColumnType> Types => _options.Typed ? [.. _types] : [];

    public IReadOnlyList<string> Categories(int column) => _texts[column].Texts;

    public string? IdColumn => NameOf(_selection.Id);

    public string? WeightColumn => NameOf(_selection.Weight);

    public string? LabelColumn => NameOf(_selection.Label);

    public bool ReadBatch([NotNullWhen(true)] out RowBatch? batch)
    {
        batch = null;
        BatchBuilder? builder = null;
        while ((builder is null || builder.Rows < _batchRows) && Advance())
        {
            builder ??= new BatchBuilder(_selection, Precision, _rows, _batchRows, _block!.Lines is not null);
            // Once a value is missing, the rest is only looked at for more of them.
            int copied = _missing is null ? CopyValues(builder, _block!) : 0;
            if (copied > 0 && _hasNothingBeside && _block!.Lines is null)
            {
                builder.Rows += copied;
                (_at, _rows) = (_at + copied, _rows + copied);
                continue;
            }

            for (int row = 0; row < Math.Max(copied, 1); row++)
            {
                if (_missing is not null)
                    LookForMissing(_block!, _at);
                else if (row < copied || ReadValues(builder, _block!, _at))
                    ReadBeside(builder, _block!, _at);
                builder.Rows = _missing is null ? builder.Rows + 1 : 0;
                (_at, _rows) = (_at + 1, _rows + 1);
            }
        }

        if (_missing is not null)
            throw _missing.Refusal(_rows);
        batch = builder?.ToBatch();
        return batch is not null;
    }

    public void Dispose() => _source.Dispose();

    private string? NameOf(int column) => column < 0 ? null : _names[column];

    /// <summary>Goes to the next row, in the next block where this one has no more.</summary>
    private bool Advance()
    {
        while (_block is null || _at == _block.Rows)
        {
            try
            {
                _block = _source.Next(_wanted, out TypedBlock? next) ? next : null;
            }
            catch (DataFormatException) when (_missing is not null)
            {
                // One message is enough.
                _block = null;
            }

            if (_block is null)
                return false;
            _at = 0;
        }

        return true;
    }

    /// <summary>Writes the values of the next rows, a column after the other, where all can be taken as they are.</summary>
    /// <returns>How many rows; 0: the next row is to be looked at by itself.</returns>
    private int CopyValues(BatchBuilder builder, TypedBlock block)
    {
        int rows = Math.Min(Math.Min(block.Rows - _at, _batchRows - builder.Rows), MostCopied);
        if (_rows < _singly)
            return 0;
        int columns = _selection.Values.Length;
        for (int j = 0; j < columns; j++)
        {
            ColumnBlock cells = block.Columns[_places[_selection.Values[j]]];
            int begin = (builder.Rows * columns) + j;
            if (_types[j] == ColumnType.Number && (Precision == Precision.Float64
                ? cells.TryCopy(_at, rows, MayMiss(j), MemoryMarshal.Cast<byte, double>(builder.Values)[begin..], columns)
                : cells.TryCopy(_at, rows, MayMiss(j), MemoryMarshal.Cast<byte, float>(builder.Values)[begin..], columns)))
                continue;
            _singly = _rows + rows;
            return 0;
        }

        return rows;
    }

    /// <returns>False: a value is missing that may not be.</returns>
    private bool ReadValues(BatchBuilder builder, TypedBlock block, int row)
    {
        for (int j = 0; j < _selection.Values.Length; j++)
        {
            ColumnBlock cells = block.Columns[_places[_selection.Values[j]]];
            double value = cells.IsMissing(row) ? double.NaN : Value(j, cells, row);
            if (double.IsNaN(value) && !MayMiss(j))
            {
                LookForMissing(block, row);
                return false;
            }

            if (!double.IsNaN(value) && !double.IsFinite(value))
                throw Error(_selection.Values[j], string.Create(CultureInfo.InvariantCulture,
                    $"{value} is not a finite number. Remove the row or fill the value in."));
            if (!builder.TrySetValue(j, value) && double.IsFinite(value))
                throw Error(_selection.Values[j], $"{cells.Show(row)} is beyond what float32 can hold. {_remedies.Wider}");
        }

        return true;
    }

    /// <summary>What comes with the values.</summary>
    private void ReadBeside(BatchBuilder builder, TypedBlock block, int row)
    {
        if (block.Lines is not null)
            builder.SetLine(block.Lines[row]);
        if (_selection.Weight >= 0 && !TryReadWeight(builder, block, row))
            return;
        if (_selection.Id >= 0)
            builder.SetId(Id(block.Columns[_places[_selection.Id]], row));
        if (_selection.Label < 0)
            return;
        if (IsMissing(block, _selection.Label, row))
            LookForMissing(block, row);
        else
            builder.SetLabel(block.Columns[_places[_selection.Label]].Show(row));
    }

    private bool MayMiss(int index) => _options.Typed && (_options.AllowsMissing || _types[index] == ColumnType.Category);

    private double Value(int index, ColumnBlock cells, int row)
    {
        double value;
        switch (_types[index])
        {
            case ColumnType.Category:
                string text = cells.Show(row);
                int place = Encoding.UTF8.GetByteCount(text) <= CategoryTexts.Longest ? _texts[index].Add(text) : -1;
                return place >= 0 ? place : throw Error(_selection.Values[index], TypedRemedies.NoCategory(text));
            case ColumnType.Boolean when cells.AreTexts(row):
                if (CellTypes.TryParseBoolean(Encoding.UTF8.GetBytes(cells.Show(row)), out value))
                    return value;
                break;
            case ColumnType.Boolean:
                if (cells.TryNumber(row, out value) && value is 0 or 1)
                    return value;
                break;
            case ColumnType.Time when cells.AreTexts(row):
                if (TimeText.TryParse(Encoding.UTF8.GetBytes(cells.Show(row)), _options.Forms.Dates, out value))
                    return value;
                break;
            case ColumnType.Time:
                if (_source.Fields[_selection.Values[index]].Kind == FieldKind.Time && cells.TryNumber(row, out value))
                    return value;
                break;
            default:
                if (cells.TryNumber(row, out value) || (_options.Typed && cells.AreTexts(row)
                    && _options.Forms.TryNumber(Encoding.UTF8.GetBytes(cells.Show(row)), out value)))
                    return value;
                break;
        }

        throw Error(_selection.Values[index], _remedies.OfCell(_selection.Values[index], _types[index], cells, row));
    }

    private bool TryReadWeight(BatchBuilder builder, TypedBlock block, int row)
    {
        ColumnBlock cells = block.Columns[_places[_selection.Weight]];
        if (IsMissing(block, _selection.Weight, row))
        {
            LookForMissing(block, row);
            return false;
        }

        if (!cells.TryNumber(row, out double weight))
            throw Error(_selection.Weight, _remedies.OfCell(_selection.Weight, ColumnType.Number, cells, row));
        if (RowWeights.Fault(weight) is { } fault)
            throw Error(_selection.Weight, $"the weight {cells.Show(row)} {fault}");
        builder.SetWeight(weight);
        return true;
    }

    private string Id(ColumnBlock cells, int row)
    {
        string id = cells.IsMissing(row) ? "" : cells.Show(row);
        int bytes = Encoding.UTF8.GetByteCount(id);
        return bytes is > 0 and <= ShardFormat.MaximumIdBytes ? id
            : throw Error(_selection.Id, $"the id has {bytes} bytes. An id has 1 to {ShardFormat.MaximumIdBytes}.");
    }

    private bool IsMissing(TypedBlock block, int column, int row) => block.Columns[_places[column]].IsMissing(row);

    private void LookForMissing(TypedBlock block, int row)
    {
        _missing ??= new MissingValues(_source.Name, _names, _selection, _options);
        bool first = true;
        for (int j = 0; j < _selection.Values.Length; j++)
        {
            if (!MayMiss(j))
                Look(_selection.Values[j]);
        }

        Look(_selection.Weight);
        Look(_selection.Label);

        void Look(int column)
        {
            if (column < 0 || !IsMissing(block, column, row))
                return;
            _missing.Add(column, first, () => $"first in {Place()}");
            first = false;
        }
    }

    private string Place() => _block?.Lines is { } lines ? string.Create(CultureInfo.InvariantCulture, $"line {lines[_at]}")
        : string.Create(CultureInfo.InvariantCulture, $"row {_rows} (from 0)");

    private DataFormatException Error(int column, string message) => new($"{_source.Name}, {Place()}, column '{_names[column]}': {message}");
}
