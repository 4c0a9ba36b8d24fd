using System.Collections.Immutable;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Adaptation;

/// <summary>
/// Whether two sets of rows are one mode or two: by how many rows lie half-way between their means, compared with how many lie at the means themselves, all
/// along the line through both. Plain float64 arithmetic in the order of the rows, so that equal rows give equal bits.
/// </summary>
/// <param name="Apart">Distance of the means in standard deviations of the sets along the line, pooled.</param>
/// <param name="Between">Rows within a seventh of the distance from the point half-way.</param>
/// <param name="AtMeans">Rows as close to the mean that has fewer of them.</param>
internal readonly record struct ModesApart(double Apart, int Between, int AtMeans)
{
    /// <summary>Half of the width in which rows are counted, as a share of the distance of the means.</summary>
    private const double Near = 1.0 / 7;

    /// <summary>
    /// Of the two halves of a normal distribution the means are 2.6 of their standard deviations apart, of two equal parts of an even one 3.5: what is cut out
    /// of a continuum is not one.
    /// </summary>
    private const double MostApart = 3;

    /// <summary>Fewer rows at the means say nothing.</summary>
    private const int FewestAtMeans = 15;

    /// <summary>
    /// Two equal normal modes that are 2.6 standard deviations apart have about 0.8 times as many rows between them as at their means; 3.3 apart, half as many.
    /// </summary>
    private const double OneMode = 0.8, TwoModes = 0.5;

    /// <summary>Whether they are one mode beyond two standard errors of the counts.</summary>
    public bool AreOne => AtMeans >= FewestAtMeans && Apart <= MostApart && Between - (2 * Math.Sqrt(Between)) >= OneMode * AtMeans;

    /// <summary>Whether they are two, as surely.</summary>
    public bool AreTwo => AtMeans >= FewestAtMeans && Between + (2 * Math.Sqrt(Between + 1)) <= TwoModes * AtMeans;

    /// <summary>What lies between two sets of rows.</summary>
    public static ModesApart Of(RowBlock rows, ImmutableArray<int> one, ImmutableArray<int> other)
    {
        (double[] mean, double[] line, double[] row) = (new double[rows.Columns], new double[rows.Columns], new double[rows.Columns]);
        Add(rows, one, mean);
        Add(rows, other, line);
        double length = 0;
        for (int j = 0; j < line.Length; j++)
        {
            line[j] -= mean[j];
            length += line[j] * line[j];
        }

        if (!(length > 0))
            return default;
        (int between, int first, int second, double squares) = (0, 0, 0, 0);
        foreach ((ImmutableArray<int> set, double at) in (ReadOnlySpan<(ImmutableArray<int>, double)>)[(one, 0), (other, 1)])
        {
            foreach (int i in set)
            {
                rows.CopyRow(i, row);
                double place = 0;
                for (int j = 0; j < row.Length; j++)
                    place += (row[j] - mean[j]) * line[j];
                place /= length;
                squares += (place - at) * (place - at);
                between += Math.Abs(place - 0.5) <= Near ? 1 : 0;
                first += Math.Abs(place) <= Near ? 1 : 0;
                second += Math.Abs(place - 1) <= Near ? 1 : 0;
            }
        }

        double deviation = Math.Sqrt(squares / (one.Length + other.Length));
        return new ModesApart(deviation > 0 ? 1 / deviation : double.PositiveInfinity, between, Math.Min(first, second));
    }

    /// <summary>Writes the mean of some rows to <paramref name="mean"/>, which is 0.</summary>
    internal static void Add(RowBlock rows, ImmutableArray<int> some, double[] mean)
    {
        var row = new double[rows.Columns];
        foreach (int i in some)
        {
            rows.CopyRow(i, row);
            for (int j = 0; j < row.Length; j++)
                mean[j] += row[j];
        }

        for (int j = 0; j < mean.Length; j++)
            mean[j] /= some.Length;
    }
}
