using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace OrleansCluster.Datasets;

/// <summary>
/// A text of sparse rows as svmlight and libsvm have them. It is read twice, because only its greatest index tells how many columns there are; what comes
/// through a pipe is copied first. The columns are <c>c0</c>, <c>c1</c>, … in the order of the indices, and behind them <c>label</c>, which is no value.
/// </summary>
internal sealed class SvmlightTable : ITable
{
    /// <summary>Most columns, so that a row made dense stays small.</summary>
    public const int MostColumns = 1 << 18;

    private const string LabelName = "label";

    private readonly InputSource _source;
    private readonly (SafeFileHandle File, long Begin, long End) _text;

    private SvmlightTable(InputSource source, ReadOptions options)
    {
        (_source, Skip) = (source, options.Skip);
        _text = source.Rest(0);
        (int greatest, bool hasZero, long line) = Scan();
        if (hasZero && options.ZeroBased == false)
            throw new DataFormatException($"{Name}, line {line.ToString(CultureInfo.InvariantCulture)}: there is an index 0, and indices were said to count "
                + "from 1. Say --indices zero, or leave it out.");
        First = options.ZeroBased ?? hasZero ? 0 : 1;
        Width = greatest - First + 1;
        if (options.Features is { } features)
        {
            if (features < Width && options.HasFeatures)
                throw new DataFormatException($"{Name} has the index {greatest}, which makes {Width} columns, and {features} were asked for with --features. "
                    + "Ask for as many, or leave it out.");
            Width = Math.Max(Width, features);
        }

        if (Width is < 1 or > MostColumns)
            throw new DataFormatException($"{Name} has {Math.Max(Width, 0)} columns{(Width < 1 ? ": no row has a value" : "")}. Say how many there are with "
                + $"--features, 1 to {MostColumns}.");
        Names = new ColumnNames(Name, [.. Enumerable.Repeat("", Width), LabelName]);
    }

    public string Name => _source.Name;

    public ImmutableArray<string> Columns => Names.ToArray();

    public bool HasNames => false;

    /// <summary>Number of value columns.</summary>
    internal int Width { get; }

    /// <summary>The index of the first column: 0 or 1.</summary>
    internal int First { get; }

    /// <summary>Lines at the beginning that are passed over.</summary>
    internal int Skip { get; }

    internal ColumnNames Names { get; }

    /// <summary>Whether the text is one, by its name or its first rows.</summary>
    public static bool Is(InputSource source, ReadOptions options) =>
        source.Ending is ".svm" or ".svmlight" or ".libsvm" || OtherTexts.IsSparse(source, options);

    /// <exception cref="DataFormatException">It is damaged, or has too many columns.</exception>
    public static SvmlightTable Open(InputSource source, ReadOptions options) => new(source, options);

    public IReadOnlyList<int> Choose(ReadOptions options) => Select(options, null).Values;

    public IRowReader Read(ReadOptions options, IReadOnlyList<int>? values = null) =>
        new SvmlightRowReader(this, Select(options, values), options);

    public void Dispose() => _source.Dispose();

    /// <summary>The text from its beginning.</summary>
    internal LineReader Lines()
    {
        var lines = new LineReader(TextEncodings.ToUtf8(new FileSlice(_text.File, _text.Begin, _text.End), _source.Start), Name);
        lines.StartReading();
        for (int line = 0; line < Skip && lines.Next(); line++)
        {
        }

        return lines;
    }

    private ColumnSelection Select(ReadOptions options, IReadOnlyList<int>? values) =>
        ColumnSelection.Resolve(Names, options with { IsWide = true }, chosen: values ?? (options.Columns is null ? [.. Features(options)] : null));

    /// <summary>All that are not read as something else.</summary>
    private IEnumerable<int> Features(ReadOptions options)
    {
        ColumnSelection said = ColumnSelection.Resolve(Names, options with { LabelsOnly = true });
        return Enumerable.Range(0, Width).Where(column => column != said.Id && column != said.Weight && column != said.Label);
    }

    private (int Greatest, bool HasZero, long Line) Scan()
    {
        (int greatest, bool hasZero, long at) = (0, false, 0L);
        using LineReader lines = Lines();
        while (lines.Next())
        {
            var line = new SvmlightLine(Name, lines.Line, lines.Record);
            while (line.Next(out int index, out _))
            {
                greatest = Math.Max(greatest, index);
                if (index == 0 && !hasZero)
                    (hasZero, at) = (true, lines.Line);
            }
        }

        return (greatest, hasZero, at);
    }
}
