using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Numerics.Statistics;

/// <summary>A row that a step picked, with what the trainer needs to know of it.</summary>
/// <param name="Rank">What rows are ordered by, ascending; equal ranks go by row id.</param>
/// <param name="Row">Stable row id.</param>
/// <param name="Weight">Row weight.</param>
/// <param name="Label">The centre it belongs to; −1 when there are none.</param>
/// <param name="Values">Its d values.</param>
internal sealed record SelectedRow(double Rank, long Row, double Weight, int Label, double[] Values) : IComparable<SelectedRow>
{
    public int CompareTo(SelectedRow? other)
    {
        int byRank = Rank.CompareTo(other!.Rank);
        return byRank != 0 ? byRank : Row.CompareTo(other.Row);
    }
}

/// <summary>The rows of least rank, at most so many, in order: the same whatever order they are merged in.</summary>
internal sealed class RowSelection : Statistic, IStatistic<RowSelection>
{
    private readonly List<SelectedRow> _rows;

    /// <param name="limit">Greatest number of rows that are kept.</param>
    /// <param name="rows">Rows in any order; those beyond the limit are let go.</param>
    public RowSelection(int limit, IEnumerable<SelectedRow> rows)
    {
        Limit = limit;
        _rows = [.. rows];
        SortAndCut();
    }

    public int Limit { get; }

    /// <summary>In order of rank, then row id.</summary>
    public IReadOnlyList<SelectedRow> Rows => _rows;

    public static byte Kind => 3;

    protected override byte Tag => Kind;

    public override void MergeFrom(Statistic following)
    {
        _rows.AddRange(((RowSelection)following)._rows);
        SortAndCut();
    }

    private void SortAndCut()
    {
        _rows.Sort();
        if (_rows.Count > Limit)
            _rows.RemoveRange(Limit, _rows.Count - Limit);
    }

    protected override void Write(ByteWriter writer)
    {
        writer.Int32(Limit);
        writer.Int32(_rows.Count);
        foreach (SelectedRow row in _rows)
        {
            writer.Double(row.Rank);
            writer.Int64(row.Row);
            writer.Double(row.Weight);
            writer.Int32(row.Label);
            writer.Doubles(row.Values);
        }
    }

    public static RowSelection Read(ByteReader reader)
    {
        int limit = reader.Int32();
        var rows = new SelectedRow[reader.Length(32)];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = new SelectedRow(reader.Double(), reader.Int64(), reader.Double(), reader.Int32(), reader.Doubles());
        return new RowSelection(limit, rows);
    }
}
