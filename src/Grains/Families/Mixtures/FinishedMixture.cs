using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Alignment;
using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Training;

namespace OrleansCluster.Families.Mixtures;

/// <summary>A mixture's parameters.</summary>
internal sealed class FinishedMixture(IFamily family, MixtureModel model) : IModel
{
    public IFamily Family => family;

    /// <summary>The same with the threshold of another model.</summary>
    public FinishedMixture WithThresholdOf(MixtureModel other) => new(family, model.WithThresholdOf(other));

    public string Digest => model.Digest;

    public int K => model.K;

    public int Columns => model.Columns;

    public ReadOnlyMemory<byte> Encode() => model.Encode();

    public ModelParameters Describe(ImmutableArray<string> columns) => new()
    {
        K = K,
        Columns = columns,
        Centroids = Bytes(model.Means()),
        CentroidsName = MixtureNames.Means,
        Digest = model.Digest,
        Arrays =
        [
            new NamedArray { Name = MixtureNames.Weights, Shape = [K], Values = Bytes(model.Weights), Inline = true },
            new NamedArray
            {
                Name = MixtureNames.Covariances,
                Shape = model.Form switch
                {
                    CovarianceForm.Full => [K, Columns, Columns],
                    CovarianceForm.Tied => [Columns, Columns],
                    CovarianceForm.Diagonal => [K, Columns],
                    _ => [K],
                },
                Values = Bytes(model.Covariances()),
                PerCluster = model.Form != CovarianceForm.Tied,
            },
        ],
        Measures = [new Measure { Name = MixtureNames.Threshold, Value = model.Threshold }],
        Remarks = [new Remark { Name = MixtureNames.Covariance, Text = model.Form.Name() }],
    };

    public VersionClusters Clusters(ImmutableArray<ClusterRecord> records) => model.Clusters(records.Select(cluster => cluster.Weight).ToArray());

    public PreparedModel Prepare() => new PreparedMixture(this, model);

    private static byte[] Bytes(ReadOnlySpan<double> values) => MemoryMarshal.AsBytes(values).ToArray();
}
