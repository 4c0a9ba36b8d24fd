namespace OrleansCluster.Numerics.Kernels;

/// <summary>
/// Writes rows as the nearest-centre kernel reads them: centred in float64, scaled by a power of two, rounded to float32,
/// in tiles of 32 rows with the rows in lanes (tile, column, row), each with a bound on its norm.
/// </summary>
internal static unsafe class RowTiles
{
    /// <summary>Packs rows into tiles; rows that fill the last tile are zero.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="first">First row to pack.</param>
    /// <param name="count">Rows to pack.</param>
    /// <param name="origins">Subtracted from each column.</param>
    /// <param name="scaleExponent">s: centred values are multiplied by 2^s.</param>
    /// <param name="tiles">Out: ⌈count / 32⌉ × columns × 32.</param>
    /// <param name="norms">Out: ⌈count / 32⌉ × 32; infinite for a row out of float32's range, which is packed as zero.</param>
    public static void Pack(RowBlock rows, int first, int count, ReadOnlySpan<double> origins, int scaleExponent, float* tiles, float* norms)
    {
        double factor = Math.ScaleB(1, scaleExponent);
        double limit = Certificate.NormLimit(scaleExponent);
        int d = rows.Columns;
        int padded = (count + NearestKernel.TileRows - 1) / NearestKernel.TileRows * NearestKernel.TileRows;
        ReadOnlySpan<float> singles = rows.Float32.Span;
        ReadOnlySpan<double> doubles = rows.Float64.Span;
        for (int i = 0; i < padded; i++)
        {
            float* target = tiles + ((long)(i / NearestKernel.TileRows) * NearestKernel.TileRows * d) + (i % NearestKernel.TileRows);
            if (i >= count)
                norms[i] = Zero(target, d);
            else if (rows.Precision == Precision.Float32)
                norms[i] = Row(singles.Slice((first + i) * d, d), origins, factor, limit, target);
            else
                norms[i] = Row(doubles.Slice((first + i) * d, d), origins, factor, limit, target);
        }
    }

    private static float Row(ReadOnlySpan<float> row, ReadOnlySpan<double> origins, double factor, double limit, float* target)
    {
        double norm = 0;
        for (int j = 0; j < row.Length; j++)
        {
            double value = (row[j] - origins[j]) * factor;
            norm += value * value;
            target[j * NearestKernel.TileRows] = (float)value;
        }

        return Bound(norm, limit, target, row.Length);
    }

    private static float Row(ReadOnlySpan<double> row, ReadOnlySpan<double> origins, double factor, double limit, float* target)
    {
        double norm = 0;
        for (int j = 0; j < row.Length; j++)
        {
            double value = (row[j] - origins[j]) * factor;
            norm += value * value;
            target[j * NearestKernel.TileRows] = (float)value;
        }

        return Bound(norm, limit, target, row.Length);
    }

    /// <summary>√norm rounded up with room for the rounding of the sum; rows beyond the limit become zero with an infinite norm.</summary>
    private static float Bound(double norm, double limit, float* target, int columns)
    {
        double root = (Math.Sqrt(norm) * (1 + (1.0 / (1 << 20)))) + 1e-40;
        if (root <= limit)
            return MathF.BitIncrement((float)root);
        Zero(target, columns);
        return float.PositiveInfinity;
    }

    private static float Zero(float* target, int columns)
    {
        for (int j = 0; j < columns; j++)
            target[j * NearestKernel.TileRows] = 0;
        return 0;
    }
}
