using System.Collections.Immutable;
using OrleansCluster.Compute;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Adaptation;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Serving;

namespace OrleansCluster.Training;

/// <summary>
/// Where a retraining begins whose clusters may have become others: at the parent's, but for those of which a sample of the new rows shows that they are one
/// now, or two. The same rows and the same parent give the same start, to the bit.
/// </summary>
internal static class AdaptedStart
{
    /// <returns>Parameters of the family, and what was changed, for people.</returns>
    /// <exception cref="ClusteringException">The family's models cannot be adapted, or what the parent is made of cannot be read.</exception>
    public static async Task<(byte[] Parameters, string Told)> Of(
        IGrainFactory grains, TrainingServices services, JobShards shards, DatasetManifest manifest, FittedPreparation? preparation, ResolvedVersion parent,
            IFamily family, byte[] parameters)
    {
        PreparedModel model = family.Decode(parameters).Prepare();
        var labelling = model.Ask<ILabels>(family.Description.Title);
        RowBlock rows = AnchorRows.Decode(await AnchorCollector.Sample(grains, shards, manifest, preparation, services)).Rows;
        RowChecks.CheckColumns(model.Columns, rows.Columns);
        RowBlock measured = rows;
        ImmutableArray<AdaptedCluster> clusters = await services.Compute.Run(
            ComputePriority.Training,
            services.AccountOf(shards),
            parallel =>
            {
                var labels = new int[rows.Rows];
                labelling.Assign(rows, labels, new double[rows.Rows], parallel);
                measured = model.Measured(rows, parallel);
                return ClusterAdaptation.Of(measured, labels, model.K);
            });
        LabelMap ids = (await new Packages(services.Blobs).Get(parent, CancellationToken.None)).Labels;
        return clusters.Any(cluster => cluster.IsChanged)
            ? (family.Adapt(parameters, clusters, measured).ToArray(), Tell(clusters, ids, rows.Rows))
            : (parameters, $"On a sample of {rows.Rows} rows no two clusters had become one, and none had become two.");
    }

    private static string Tell(ImmutableArray<AdaptedCluster> clusters, LabelMap ids, int rows)
    {
        IEnumerable<string> merged = clusters.Where(cluster => cluster.From.Length > 1)
            .Select(cluster => $"{string.Join(" and ", cluster.From.Select(ids.IdOf).Order())} had become one");
        IEnumerable<string> split = clusters.Where(cluster => cluster.IsHalf).Select(cluster => ids.IdOf(cluster.From[0])).Distinct().Order()
            .Select(id => $"{id} had become two");
        return $"On a sample of {rows} rows, of the parent's clusters {string.Join(", ", merged.Concat(split))}: the training began with {clusters.Length}.";
    }
}
