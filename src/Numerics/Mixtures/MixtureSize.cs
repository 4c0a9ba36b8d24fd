using OrleansCluster.Numerics.Mixtures.Components;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>Whether the statistic of a mixture fits in memory.</summary>
public static class MixtureSize
{
    /// <summary>Bytes beyond which a statistic, which travels as one message, is refused.</summary>
    public const long GreatestStatistic = 1L << 30;

    /// <summary>Checks the size of a step's statistic.</summary>
    /// <param name="form">Form of the covariances.</param>
    /// <param name="k">Number of components.</param>
    /// <param name="columns">Number of columns.</param>
    /// <param name="limit">Bytes allowed.</param>
    /// <exception cref="ArgumentException">It is larger; the message says by how much, and which forms would fit.</exception>
    public static void Check(CovarianceForm form, int k, int columns, long limit)
    {
        long bytes = form.StatisticBytes(k, columns);
        if (bytes <= limit)
            return;
        string[] fitting =
        [
            .. Enum.GetValues<CovarianceForm>()
                .Where(other => other.StatisticBytes(k, columns) <= limit)
                .Select(other => $"{other.Name()} ({other.StatisticBytes(k, columns):N0} bytes)"),
        ];
        string remedy = fitting.Length > 0 ? $"use {string.Join(" or ", fitting)}" : "ask for fewer components or columns";
        throw new ArgumentException(
            $"The statistic of {k} {form.Name()} components in {columns} columns takes {bytes:N0} bytes, more than the {limit:N0} allowed: {remedy}.",
                nameof(form));
    }
}
