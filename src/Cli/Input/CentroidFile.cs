using OrleansCluster.Datasets;
using OrleansCluster.Numerics;

namespace OrleansCluster.Cli.Input;

/// <summary>Centres to start from, given as a file of k rows.</summary>
internal static class CentroidFile
{
    /// <summary>The centres or means as k × d float64, little-endian, row-major.</summary>
    /// <param name="path">The file.</param>
    /// <param name="k">Rows that it must have.</param>
    /// <param name="option">The option that names it, for messages.</param>
    /// <exception cref="DataFormatException">The file is no table of numbers.</exception>
    /// <exception cref="CommandException">It has other than <paramref name="k"/> rows.</exception>
    public static ReadOnlyMemory<byte> Read(string path, int k, string option)
    {
        using IRowReader reader = TableFile.Read(path, new ReadOptions { Precision = Precision.Float64 });
        using var values = new MemoryStream();
        long rows = 0;
        while (reader.ReadBatch(out RowBatch? batch))
        {
            rows += batch.Rows;
            if (rows > k)
                throw CommandException.Usage($"{path} has more than {k} rows: {option} needs one row for each of the --k {k} centres.");
            values.Write(batch.Values.Span);
        }

        return rows == k ? values.ToArray() : throw CommandException.Usage($"{path} has {Output.Numbers.Of(rows, "row")}: {option} needs one row for each of the --k {k} centres.");
    }
}
