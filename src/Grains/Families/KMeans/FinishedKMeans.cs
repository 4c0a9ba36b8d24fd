using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Alignment;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Training;

namespace OrleansCluster.Families.KMeans;

/// <summary>Centres.</summary>
internal sealed class FinishedKMeans(CentreFamily family, KMeansModel model) : IModel
{
    public IFamily Family => family;

    public string Digest => model.Digest;

    public int K => model.K;

    public int Columns => model.Columns;

    public ReadOnlyMemory<byte> Encode() => model.Encode();

    public ModelParameters Describe(ImmutableArray<string> columns) =>
        new() { K = model.K, Columns = columns, Centroids = MemoryMarshal.AsBytes<double>(model.Centroids).ToArray(), Digest = model.Digest };

    public VersionClusters Clusters(ImmutableArray<ClusterRecord> records) => new(
        model.Columns, model.Centroids.ToArray(), records.Select(cluster => cluster.Spread).ToArray(), records.Select(cluster => cluster.Weight).ToArray());

    public PreparedModel Prepare() => family.Prepare(this, model);
}
