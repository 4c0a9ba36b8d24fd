using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Alignment;
using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Training;

namespace OrleansCluster.Families.Mixtures;

/// <summary>A mixture's parameters.</summary>
internal sealed class FinishedMixture(IFamily family, MixtureModel model) : IModel
{
    public IFamily Family => family;

    public string Digest => model.Digest;

    public int K => model.K;

    public int Columns => model.Columns;

    public ReadOnlyMemory<byte> Encode() => model.Encode();

    public ModelParameters Describe(ImmutableArray<string> columns) => new()
    {
        K = model.K,
        Columns = columns,
        Centroids = Bytes(model.Means()),
        Digest = model.Digest,
        Mixture = new MixtureShape
        {
            Covariance = model.Form.Name(),
            Weights = Bytes(model.Weights),
            Covariances = Bytes(model.Covariances()),
            Threshold = model.Threshold,
        },
    };

    public VersionClusters Clusters(ImmutableArray<ClusterRecord> records) => model.Clusters(records.Select(cluster => cluster.Weight).ToArray());

    public PreparedModel Prepare() => new PreparedMixture(this, model);

    private static byte[] Bytes(ReadOnlySpan<double> values) => MemoryMarshal.AsBytes(values).ToArray();
}
