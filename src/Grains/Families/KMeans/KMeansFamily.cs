using System.Collections.Immutable;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Training;
using OrleansCluster.Training;

namespace OrleansCluster.Families.KMeans;

/// <summary>k-means, as the numerics define it.</summary>
public sealed class KMeansFamily() : CentreFamily(KMeansGeometry.Euclidean)
{
    /// <summary>With so many clusters, which kernels serve depends on the columns too.</summary>
    private const int ManyClusters = 128;

    public override FamilyDescription Description => KMeansDescription.Value;

    public override ImmutableArray<string> Capabilities { get; } = Families.Capabilities.Of(typeof(PreparedKMeans));

    public override ITrainingOptions Typical { get; } = new KMeansOptions { K = ManyClusters };

    public override ImmutableArray<int> RehearsedColumns(int k) => k == ManyClusters ? [4, 128] : [4];

    public override IShardWorker CreateWorker(RowBlock rows) => new KMeansShardWorker(rows);

    public override IShardWorker CreateWorker(SparseBlock rows) => new SparseKMeansWorker(rows);

    protected internal override PreparedModel Prepare(IModel finished, KMeansModel model) => new PreparedKMeans(finished, model);
}
