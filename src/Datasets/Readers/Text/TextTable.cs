using System.Collections.Immutable;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Datasets;

/// <summary>A text as a table.</summary>
internal sealed class TextTable : ITable
{
    private readonly LineReader _lines;
    private readonly TextLayout _layout;

    private TextTable(string name, LineReader lines, TextLayout layout) => (Name, _lines, _layout) = (name, lines, layout);

    public string Name { get; }

    public ImmutableArray<string> Columns => _layout.Names.ToArray();

    public bool HasNames => _layout.Names.HasNames;

    /// <summary>Finds out how the text is written and what its columns are.</summary>
    public static TextTable Open(InputSource source, ReadOptions options)
    {
        var lines = new LineReader(TextEncodings.ToUtf8(source), source.Name);
        return new TextTable(source.Name, lines, TextLayout.Find(lines, options, source.Name));
    }

    public IReadOnlyList<int> Choose(ReadOptions options) => Select(options, null).Values;

    public IRowReader Read(ReadOptions options, IReadOnlyList<int>? values = null)
    {
        ColumnSelection selection = Select(options, values);
        ImmutableArray<ColumnType> types = options.Typed ? CellTypes.Find(_lines, _layout, selection.Values, options, Name) : [];
        var reader = new TextRowReader(Name, _lines, _layout, selection, types, options);
        _lines.StartReading();
        return reader;
    }

    public void Dispose() => _lines.Dispose();
    private ColumnSelection Select(ReadOptions options, IReadOnlyList<int>? values) =>
        ColumnSelection.Resolve(_layout.Names, options, _layout.RowNames, values);
}
