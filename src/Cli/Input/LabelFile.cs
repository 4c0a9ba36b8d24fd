using System.Runtime.InteropServices;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics;

namespace OrleansCluster.Cli.Input;

/// <summary>Known labels of rows, given as a file of one column.</summary>
internal static class LabelFile
{
    /// <summary>One label a row.</summary>
    /// <exception cref="DataFormatException">The file is no table of numbers.</exception>
    /// <exception cref="CommandException">It has several columns, or a value that is no whole number of 32 bits.</exception>
    public static int[] Read(string path)
    {
        using IRowReader reader = TableFile.Read(path, new ReadOptions { Precision = Precision.Float64 });
        if (reader.Columns.Count != 1)
            throw CommandException.Usage($"{path} has {reader.Columns.Count} columns: labels are one column of whole numbers.");
        var labels = new List<int>();
        while (reader.ReadBatch(out RowBatch? batch))
        {
            foreach (double value in MemoryMarshal.Cast<byte, double>(batch.Values.Span))
            {
                if (value != Math.Truncate(value) || Math.Abs(value) > int.MaxValue)
                    throw CommandException.Usage($"{path}, row {labels.Count + 1}: {value} is no label. Labels are whole numbers.");
                labels.Add((int)value);
            }
        }

        return [.. labels];
    }
}
