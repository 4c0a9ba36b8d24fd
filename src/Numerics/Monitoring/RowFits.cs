using OrleansCluster.Numerics.Profiles;

namespace OrleansCluster.Numerics.Monitoring;

/// <summary>Sums up how observed rows lie in their clusters, in the units of a reference. Not thread-safe.</summary>
/// <param name="reference">The reference.</param>
/// <param name="model">The model.</param>
/// <param name="chosen">Its centres in the columns of the reference, which is of some of the model's; null: of all.</param>
public sealed class RowFits(FitReference reference, IProfiledModel model, ChosenCentres? chosen = null)
{
    /// <summary>Groups of <see cref="ObservedRows.Fits"/>: losses and silhouettes, by their places in a profile.</summary>
    private const int Groups = 2;

    private readonly CentreFits? _fits = model.Centres is { } centres ? new CentreFits(centres) : null;
    private readonly double[] _row = new double[reference.Columns];
    private readonly double[] _chosen = new double[chosen?.Columns ?? 0];

    /// <summary>Whether a row's silhouette is taken.</summary>
    /// <inheritdoc cref="CentreFits.Takes"/>
    public bool Takes(int row, int rows) => _fits?.Takes(row, rows) ?? false;

    /// <summary>Takes a row in.</summary>
    /// <param name="centred">Sums of each cluster.</param>
    /// <param name="fits">Sums of losses and silhouettes.</param>
    /// <param name="row">As the model sees it.</param>
    /// <param name="cluster">Its cluster; −1: none.</param>
    /// <param name="scores">Its scores.</param>
    /// <param name="silhouette">Whether its silhouette counts.</param>
    public void Take(FixedSums centred, FixedSums fits, ReadOnlySpan<double> row, int cluster, ReadOnlySpan<double> scores, bool silhouette)
    {
        Add(fits, RowProfile.Losses, model.Loss(scores), reference.Loss);
        if (_fits is null || cluster < 0)
            return;
        if (silhouette && reference.Silhouette.Rows > 0)
            Add(fits, RowProfile.Silhouettes, _fits.Silhouette(row, cluster), reference.Silhouette);
        if (reference.K == 0)
            return;
        ReadOnlySpan<double> differences = Differences(_fits, row, cluster);
        for (int j = 0; j < _row.Length; j++)
        {
            double unit = reference.Unit(cluster, j);
            _row[j] = unit > 0 ? differences[j] / unit : 0;
        }

        centred.Take(cluster, reference.K, _row);
    }

    private ReadOnlySpan<double> Differences(CentreFits fits, ReadOnlySpan<double> row, int cluster)
    {
        if (chosen is null)
            return fits.Differences(row, cluster);
        chosen.Choose(row, _chosen);
        chosen.Subtract(cluster, _chosen, _chosen);
        return _chosen;
    }

    private static void Add(FixedSums fits, int place, double value, FitMoments of)
    {
        if (of.Rows > 0 && of.Deviation > 0 && double.IsFinite(value))
            fits.Take(place, Groups, [(value - of.Mean) / of.Deviation]);
    }
}
