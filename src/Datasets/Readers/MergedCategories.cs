using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Datasets;

/// <summary>
/// The texts of categories of several readers that are read one behind the other, or of rows that come behind those of a dataset: the values of each reader
/// become places in one list a column.
/// </summary>
public sealed class MergedCategories
{
    private readonly ImmutableArray<ColumnType> _types;
    private readonly IReadOnlyList<string> _names;
    private readonly CategoryTexts[] _texts;
    private readonly List<double>[] _places;

    /// <param name="names">Names of the value columns.</param>
    /// <param name="types">What they hold; none: numbers.</param>
    public MergedCategories(IReadOnlyList<string> names, ImmutableArray<ColumnType> types)
    {
        (_names, _types) = (names, types);
        _texts = [.. names.Select(_ => new CategoryTexts())];
        _places = [.. names.Select(_ => new List<double>())];
    }

    /// <summary>The texts of a column so far, each at the place that stands for it.</summary>
    public IReadOnlyList<string> Texts(int column) => _texts[column].Texts;

    /// <summary>The lists of all columns.</summary>
    internal CategoryTexts[] All => _texts;

    /// <summary>Begins a column's list with texts that are there already, in their order.</summary>
    public void Begin(int column, IEnumerable<string> texts)
    {
        foreach (string text in texts)
            _texts[column].Add(text);
    }

    /// <summary>Says that another reader comes next.</summary>
    public void Next()
    {
        foreach (List<double> places in _places)
            places.Clear();
    }

    /// <summary>The values of a batch, with those of categories standing for the texts of all readers.</summary>
    /// <param name="reader">Read it.</param>
    /// <param name="batch">The rows.</param>
    /// <param name="table">What messages call the table.</param>
    /// <exception cref="DataFormatException">There are more different texts than a column may have.</exception>
    public ReadOnlyMemory<byte> Values(IRowReader reader, RowBatch batch, string table)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(batch);
        Memory<byte> values = default;
        for (int column = 0; column < _names.Count; column++)
        {
            if (_types.IsDefaultOrEmpty || _types[column] != ColumnType.Category)
                continue;
            Learn(column, reader.Categories(column), table);
            if (values.IsEmpty)
                values = batch.Borrowed is null ? batch.Values.ToArray() : MemoryMarshal.AsMemory(batch.Values);
            int size = (int)batch.Precision;
            for (int row = 0; row < batch.Rows; row++)
                Renumber(values.Span.Slice(((row * batch.Columns) + column) * size, size), _places[column]);
        }

        return values.IsEmpty ? batch.Values : values;
    }

    private static void Renumber(Span<byte> cell, List<double> places)
    {
        bool isNarrow = cell.Length == sizeof(float);
        double value = isNarrow ? MemoryMarshal.Read<float>(cell) : MemoryMarshal.Read<double>(cell);
        if (double.IsNaN(value))
            return;
        if (isNarrow)
            MemoryMarshal.Write(cell, (float)places[(int)value]);
        else
            MemoryMarshal.Write(cell, places[(int)value]);
    }

    private void Learn(int column, IReadOnlyList<string> texts, string table)
    {
        for (int place = _places[column].Count; place < texts.Count; place++)
        {
            int common = _texts[column].Add(texts[place]);
            if (common < 0)
                throw new DataFormatException($"{table}, column '{_names[column]}': together with the rows before there are more than {CategoryTexts.Most} "
                    + "different texts, so that these are hardly categories. Leave the column out with --columns.");
            _places[column].Add(common);
        }
    }
}
