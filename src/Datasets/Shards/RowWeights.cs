using System.Globalization;
using OrleansCluster.Numerics.Exact;

namespace OrleansCluster.Datasets;

/// <summary>Which weights rows can have: such that sums of them are finite, and some row counts.</summary>
public static class RowWeights
{
    /// <summary>Greatest weight of a row, and with its inverse the least that the greatest of all rows may be.</summary>
    public static double Greatest { get; } = Math.ScaleB(1, ColumnFrame.GreatestWeightExponent);

    /// <summary>What is wrong with a finite weight, for behind "the weight 5"; null: nothing is.</summary>
    internal static string? Fault(double weight) => weight < 0 ? "is negative. Weights are at least 0."
        : weight > Greatest ? $"is too great to be summed (at most {Show(Greatest)}). Correct it, or divide all weights by a constant."
        : null;

    /// <summary>Asks whether any row would count.</summary>
    /// <param name="column">Name of the weights' column; null: rows have no weights.</param>
    /// <param name="maximum">The greatest weight.</param>
    /// <exception cref="DataFormatException">None would.</exception>
    public static void Check(string? column, double maximum)
    {
        if (column is null)
            return;
        if (maximum == 0)
            throw new DataFormatException($"Every weight in the weight column '{column}' is 0, so that no row would count. Give rows of greater weight, or "
                + "read them without weights.");
        if (maximum < 1 / Greatest || maximum > Greatest)
            throw new DataFormatException($"The greatest weight in the weight column '{column}' is {Show(maximum)}: {(maximum > 1 ? "divide" : "multiply")} "
                + "all weights by a constant, so that it is near 1.");
    }

    private static string Show(double weight) => weight.ToString("R", CultureInfo.InvariantCulture);
}
