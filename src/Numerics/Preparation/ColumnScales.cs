using System.Globalization;

namespace OrleansCluster.Numerics.Preparation;

/// <summary>Whether columns are of so different a scale that distances are those of a few of them.</summary>
public static class ColumnScales
{
    private const double Most = 100;

    /// <summary>A warning in one line; null: the ranges of all columns that are not constant are within a hundred times each other.</summary>
    /// <param name="names">Names of the columns.</param>
    /// <param name="minima">Their least values.</param>
    /// <param name="maxima">Their greatest values.</param>
    /// <param name="asked">The preparation that they have had.</param>
    public static string? Warning(IReadOnlyList<string> names, IReadOnlyList<double> minima, IReadOnlyList<double> maxima, PreparationSpec? asked = null)
    {
        ArgumentNullException.ThrowIfNull(names);
        int[] varying = [.. Enumerable.Range(0, names.Count).Where(column => Range(column) > 0)];
        if (varying.Length < 2)
            return null;
        int widest = varying.MaxBy(Range), narrowest = varying.MinBy(Range);
        double times = Range(widest) / Range(narrowest);
        if (!(times > Most))
            return null;
        string narrow = string.Create(CultureInfo.InvariantCulture, $"'{names[narrowest]}' over {Range(narrowest):G3}, and counts for next to nothing");
        return string.Create(
            CultureInfo.InvariantCulture, $"Columns differ in scale {times:G3} times: '{names[widest]}' reaches over {Range(widest):G3}, {narrow}. ")
                + $"If that is not meant, train another model with {(asked ?? PreparationSpec.None).Option("scale=standard")}.";

        double Range(int column) => maxima[column] - minima[column];
    }
}
