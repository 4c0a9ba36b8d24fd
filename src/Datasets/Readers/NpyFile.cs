namespace OrleansCluster.Datasets;

/// <summary>Small npy files, read whole.</summary>
public static class NpyFile
{
    /// <summary>Reads a two-dimensional array, such as initial centroids, as float64.</summary>
    /// <exception cref="DataFormatException">The file is no such array, or a value is not finite; the message says where and what to do.</exception>
    public static NpyArray ReadAll(string path)
    {
        using IRowReader reader = RowReader.Open(path, new ReadOptions { Precision = Numerics.Precision.Float64 });
        if (reader is not NpyRowReader array)
            throw new DataFormatException($"{path} is no npy file. Save the array with numpy.save.");
        int columns = reader.Columns.Count;
        if (array.Height > Array.MaxLength / columns)
            throw new DataFormatException($"{path} holds {array.Height} × {columns} values, too many to be read whole.");
        var values = new double[array.Height * columns];
        while (reader.ReadBatch(out RowBatch? batch))
            batch.ToBlock().Float64.CopyTo(values.AsMemory((int)batch.FirstRow * columns));
        return new NpyArray((int)array.Height, columns, values);
    }
}

/// <summary>A two-dimensional array.</summary>
/// <param name="Rows">At least 1.</param>
/// <param name="Columns">At least 1.</param>
/// <param name="Values">Row-major.</param>
public sealed record NpyArray(int Rows, int Columns, double[] Values);
