using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Serving;

/// <summary>What rows that travel count for.</summary>
internal static class PayloadCounts
{
    /// <summary>How many rows there are; what is no whole number of them is refused by who reads it.</summary>
    public static long CountRows(this RowsPayload rows) => rows.Columns > 0
        ? rows.Values.Length / ((long)rows.Columns * (rows.Precision == Precisions.Name(Precision.Float32) ? sizeof(float) : sizeof(double)))
        : 0;

    /// <summary>How many questions they are of, whatever is claimed: at least one, and no more than there are rows.</summary>
    public static long CountQuestions(this RowsPayload rows) => rows.Questions <= 1 ? 1 : Math.Max(Math.Min(rows.Questions, rows.CountRows()), 1);
}
