using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansCluster.Numerics.Alignment;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Serving;
using OrleansCluster.Training;

namespace OrleansCluster.Models;

/// <summary>A model of any algorithm as it lies in the blob store. Its first four bytes say which.</summary>
internal abstract class StoredModel
{
    /// <summary>SHA-256 of the parameters, lower-case hex.</summary>
    public abstract string Digest { get; }

    /// <summary>The parameters for those who ask.</summary>
    /// <param name="columns">Names of the columns.</param>
    public abstract ModelParameters Describe(ImmutableArray<string> columns);

    /// <summary>The clusters as alignment looks at them.</summary>
    /// <param name="records">What the training said of them, in the same order.</param>
    public abstract VersionClusters Clusters(ImmutableArray<ClusterRecord> records);

    /// <summary>The model, ready to answer. May take a while.</summary>
    public abstract PreparedModel Prepare();

    /// <exception cref="InvalidDataException">The bytes are no model, or damaged.</exception>
    public static StoredModel Decode(ReadOnlyMemory<byte> bytes) => bytes.Span.StartsWith("OCMM"u8)
        ? new Mixture(MixtureModel.Decode(bytes))
        : new KMeans(KMeansModel.Decode(bytes));

    private static byte[] Bytes(ReadOnlySpan<double> values) => MemoryMarshal.AsBytes(values).ToArray();

    private sealed class KMeans(KMeansModel model) : StoredModel
    {
        public override string Digest => model.Digest;

        public override ModelParameters Describe(ImmutableArray<string> columns) =>
            new() { K = model.K, Columns = columns, Centroids = Bytes(model.Centroids), Digest = model.Digest };

        public override VersionClusters Clusters(ImmutableArray<ClusterRecord> records) => new(
            model.Columns, model.Centroids.ToArray(), records.Select(cluster => cluster.Spread).ToArray(), records.Select(cluster => cluster.Weight).ToArray());

        public override PreparedModel Prepare() => new PreparedKMeans(model);
    }

    private sealed class Mixture(MixtureModel model) : StoredModel
    {
        public override string Digest => model.Digest;

        public override ModelParameters Describe(ImmutableArray<string> columns) => new()
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

        public override VersionClusters Clusters(ImmutableArray<ClusterRecord> records) => model.Clusters(records.Select(cluster => cluster.Weight).ToArray());

        public override PreparedModel Prepare() => new PreparedMixture(model);
    }
}
