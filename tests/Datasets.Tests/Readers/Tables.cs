using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets.Tests;

/// <summary>A whole table, read by the reader under test.</summary>
internal sealed record Table(string[] Columns, Precision Precision, string? IdColumn, string? WeightColumn, double[] Values, double[] Weights, string[] Ids)
{
    public int Rows => Values.Length / Columns.Length;

    public static Table Read(string path, ReadOptions? options = null)
    {
        using IRowReader reader = TableFile.Read(path, options ?? new ReadOptions());
        var values = new List<double>();
        var weights = new List<double>();
        var ids = new List<string>();
        int rows = 0;
        while (reader.ReadBatch(out RowBatch? batch))
        {
            batch.FirstRow.ShouldBe(rows);
            batch.Rows.ShouldBeGreaterThan(0);
            batch.Columns.ShouldBe(reader.Columns.Count);
            batch.Values.Length.ShouldBe(batch.Rows * batch.Columns * (int)reader.Precision);
            RowBlock block = batch.ToBlock();
            block.Rows.ShouldBe(batch.Rows);
            values.AddRange(SampleRows.ValuesOf(block));
            weights.AddRange(batch.Weights.Span);
            ids.AddRange(batch.Ids);
            rows += batch.Rows;
        }

        reader.ReadBatch(out _).ShouldBeFalse();
        return new Table([.. reader.Columns], reader.Precision, reader.IdColumn, reader.WeightColumn, [.. values], [.. weights], [.. ids]);
    }

    /// <summary>The message with which the table is refused.</summary>
    public static string Refusal(string path, ReadOptions? options = null) =>
        Should.Throw<DataFormatException>(() => Read(path, options)).Message;
}
