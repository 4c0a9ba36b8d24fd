namespace OrleansCluster.Datasets;

/// <summary>The first records of a text, cut into cells: what its columns and its header are decided by.</summary>
internal sealed class TextSample
{
    private const int MostRecords = 20, MostBytes = 1 << 20, MostCells = 1 << 20;

    /// <summary>At least one record.</summary>
    public List<SampleRecord> Records { get; } = [];

    /// <summary>Where the record after the first begins.</summary>
    public (int Next, long Line) AfterFirst { get; private set; }

    /// <summary>Records but the first.</summary>
    public IEnumerable<SampleRecord> Later => Records.Skip(1);

    /// <summary>Reads records from where the lines are.</summary>
    /// <exception cref="DataFormatException">There is none, or one cannot be cut.</exception>
    public static TextSample Read(LineReader lines, Cells cells, string name)
    {
        var sample = new TextSample();
        int bytes = 0;
        while (sample.Records.Count < MostRecords && bytes < MostBytes && Next(lines, cells, name))
        {
            sample.Records.Add(cells.Keep(lines.Record));
            bytes += lines.Record.Length;
            if (sample.Records.Count == 1)
                sample.AfterFirst = lines.Here;
        }

        return sample.Records.Count > 0 ? sample : throw new DataFormatException($"{name} is empty. Give a file with rows.");
    }

    /// <summary>Goes to the next record that is not blank and cuts it.</summary>
    /// <returns>False at the end, and at that of a piece where a record goes on behind it.</returns>
    /// <exception cref="DataFormatException">A quote is not closed, or there are too many cells.</exception>
    public static bool Next(LineReader lines, Cells cells, string name)
    {
        if (!lines.NextFilled())
            return false;
        while (!cells.Cut(lines.Record))
        {
            if (lines.Extend())
                continue;
            if (lines.IsUnfinished)
                return false;
            throw new DataFormatException($"{name}, line {lines.Line}: a quote is opened and not closed. Close it, or double it where it belongs to "
                + "the text.");
        }

        if (cells.Count > MostCells)
            throw new DataFormatException($"{name}, line {lines.Line}: the row has {cells.Count} columns; at most {MostCells} can be listed. Is the "
                + "delimiter right? Say it with --delimiter.");
        return true;
    }

    /// <summary>How many cells all records but the first have; −1 when they differ or there are none.</summary>
    public int LaterWidth() => Records.Count > 1 && Later.All(record => record.Width == Records[1].Width) ? Records[1].Width : -1;

    /// <summary>The cells of a column in all records but the first, which have it.</summary>
    public string[] LaterCells(int column) => [.. Later.Select(record => System.Text.Encoding.UTF8.GetString(NumberText.Trim(record[column])))];
}

/// <summary>One record of a sample.</summary>
/// <param name="text">Its cells, without quotes.</param>
/// <param name="cells">Where each is in the text.</param>
/// <param name="kinds">What each is taken for.</param>
internal sealed class SampleRecord(byte[] text, (int Start, int Length)[] cells, CellKind[] kinds)
{
    public int Width => cells.Length;

    public CellKind[] Kinds => kinds;

    public ReadOnlySpan<byte> this[int cell] => text.AsSpan(cells[cell].Start, cells[cell].Length);
}
