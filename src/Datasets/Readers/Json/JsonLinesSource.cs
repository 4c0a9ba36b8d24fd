using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace OrleansCluster.Datasets;

/// <summary>
/// JSON lines: an object a line, whose members are columns by their names. Columns and what they hold are found in the first rows; a member that is not
/// there, or null, is missing.
/// </summary>
internal sealed class JsonLinesSource : ITypedSource
{
    private const int SampleRows = 1000, SampleBytes = 1 << 20, BlockRows = 4096, BlockBytes = 4 << 20, MostColumns = 1 << 20;

    private readonly LineReader _lines;
    private readonly JsonLine _line;

    private JsonLinesSource(string name, LineReader lines)
    {
        (Name, _lines, _line) = (name, lines, new JsonLine(name));
        Fields = Sample();
    }

    public string Name { get; }

    public ImmutableArray<TypedField> Fields { get; }

    public bool IsGuessed => true;

    public static JsonLinesSource Open(InputSource source)
    {
        var lines = new LineReader(TextEncodings.ToUtf8(source), source.Name);
        return new JsonLinesSource(source.Name, lines);
    }

    public bool Next(IReadOnlyList<int> columns, [NotNullWhen(true)] out TypedBlock? block)
    {
        JsonCell[][] cells = [.. columns.Select(_ => new JsonCell[BlockRows])];
        var numbers = new long[BlockRows];
        var places = new int[Fields.Length];
        places.AsSpan().Fill(-1);
        for (int i = 0; i < columns.Count; i++)
            places[columns[i]] = i;
        int rows = 0;
        for (long bytes = 0; rows < BlockRows && bytes < BlockBytes && _lines.NextFilled(); rows++)
        {
            bytes += _lines.Record.Length;
            numbers[rows] = _lines.Line;
            _line.Read(_lines.Record, _lines.Line, cells, places, rows);
        }

        block = rows == 0 ? null : new TypedBlock(rows, [.. cells.Select(column => new JsonBlock(column))], numbers[..rows]);
        return block is not null;
    }

    public void Dispose() => _lines.Dispose();

    private ImmutableArray<TypedField> Sample()
    {
        var tallies = new List<JsonTally>();
        (int Next, long Line) begin = _lines.Here;
        long bytes = 0;
        for (int row = 0; row < SampleRows && bytes < SampleBytes && _lines.NextFilled(); row++)
        {
            bytes += _lines.Record.Length;
            _line.Look(_lines.Record, _lines.Line, tallies);
            if (tallies.Count > MostColumns)
                throw new DataFormatException($"{Name}, line {_lines.Line}: the first rows have more than {MostColumns} members, of which no more can be "
                    + "listed. Write fewer.");
        }

        _lines.GoBack(begin);
        _lines.StartReading();
        if (tallies.Count == 0)
            throw new DataFormatException($"{Name}: the first row has no members, so there are no columns. Write rows as {{\"x\": 1.5, \"y\": 2}}.");
        return [.. tallies.Select(tally => tally.ToField())];
    }
}
