using System.Collections.Immutable;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Alignment;
using OrleansCluster.Training;

namespace OrleansCluster.Families;

/// <summary>A finished model of any family: its parameters and what can be said of them.</summary>
public interface IModel
{
    IFamily Family { get; }

    /// <summary>SHA-256 of the parameters' canonical encoding, lower-case hex.</summary>
    string Digest { get; }

    /// <summary>Number of clusters.</summary>
    int K { get; }

    /// <summary>Number of columns.</summary>
    int Columns { get; }

    /// <summary>The parameters as they lie in the blob store: <see cref="IFamily.Decode"/> reads them.</summary>
    ReadOnlyMemory<byte> Encode();

    /// <summary>The parameters for those who ask.</summary>
    /// <param name="columns">Names of the columns.</param>
    ModelParameters Describe(ImmutableArray<string> columns);

    /// <summary>The clusters as alignment looks at them.</summary>
    /// <param name="records">What the training said of them, in the same order.</param>
    VersionClusters Clusters(ImmutableArray<ClusterRecord> records);

    /// <summary>The model, ready to answer. May take a while.</summary>
    PreparedModel Prepare();
}
