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

    /// <summary>Longer texts are read in pieces of about so many bytes; 0: line by line.</summary>
    private int PieceBytes { get; init; }

    /// <summary>Finds out how the text is written and what its columns are.</summary>
    public static TextTable Open(InputSource source, ReadOptions options, int pieceBytes = TextPieces.Size)
    {
        var lines = new LineReader(TextEncodings.ToUtf8(source), source.Name);
        return new TextTable(source.Name, lines, TextLayout.Find(lines, options, source.Name)) { PieceBytes = pieceBytes };
    }

    public IReadOnlyList<int> Choose(ReadOptions options) => Select(options, null).Values;

    public IRowReader Read(ReadOptions options, IReadOnlyList<int>? values = null)
    {
        ColumnSelection selection = Select(options, values);
        ImmutableArray<ColumnType> types = options.Typed ? CellTypes.Find(_lines, _layout, selection.Values, options, Name) : [];
        var rows = new TextRows(Name, _layout, selection, types, options);
        if (PieceBytes > 0 && !_lines.IsAllThere(PieceBytes))
            return new PiecedTextReader(rows, _lines, PieceBytes);
        _lines.StartReading();
        return new TextRowReader(rows, _lines);
    }

    public void Dispose() => _lines.Dispose();

    private ColumnSelection Select(ReadOptions options, IReadOnlyList<int>? values) =>
        ColumnSelection.Resolve(_layout.Names, options, _layout.RowNames, values);
}

/// <summary>What is known of the rows of a text before they are read.</summary>
/// <param name="Name">What messages call the text.</param>
/// <param name="Layout">How it is written.</param>
/// <param name="Selection">Which columns are read.</param>
/// <param name="Types">What the value columns are; none: numbers.</param>
/// <param name="Options">What was asked for.</param>
internal sealed record TextRows(string Name, TextLayout Layout, ColumnSelection Selection, ImmutableArray<ColumnType> Types, ReadOptions Options);
