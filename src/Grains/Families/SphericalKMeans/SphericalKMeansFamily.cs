using System.Collections.Immutable;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.KMeans.Sphere;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Training;
using OrleansCluster.Training;

namespace OrleansCluster.Families.SphericalKMeans;

/// <summary>Spherical k-means, as the numerics define it: k-means of rows divided by their lengths, with centres divided by theirs.</summary>
public sealed class SphericalKMeansFamily() : CentreFamily(KMeansGeometry.Sphere)
{
    public override FamilyDescription Description => SphericalKMeansDescription.Value;

    public override ImmutableArray<string> Capabilities { get; } = Families.Capabilities.Of(typeof(PreparedSphericalKMeans));

    public override IShardWorker CreateWorker(RowBlock rows) => new SphericalKMeansWorker(rows);

    public override IShardWorker CreateWorker(SparseBlock rows) => new SphericalKMeansWorker(rows);

    /// <summary>Rows are kept divided by their lengths.</summary>
    public override TrainingNeeds? Needs(ITrainingOptions options, int k, int columns) =>
        base.Needs(options, k, columns) is { } needs ? needs with { RowBytes = needs.RowBytes + ((double)sizeof(double) * columns) } : null;

    /// <summary>Rows are kept divided by their lengths, with the columns of their values.</summary>
    public override TrainingNeeds? SparseNeeds(ITrainingOptions options, int k, int columns, double entries) =>
        base.SparseNeeds(options, k, columns, entries) is { } needs
            ? needs with { RowBytes = needs.RowBytes + sizeof(uint) + (SparseBlock.EntryBytesOf(Precision.Float64) * entries) } : null;

    public override TrainingOutcome Finish(ITrainer trainer, ITrainingOptions options)
    {
        TrainingOutcome outcome = base.Finish(trainer, options);
        // Of a chord s the cosine is 1 − s² / 2.
        return outcome with
        {
            PartMeasures =
            [
                new PartMeasure
                {
                    Name = SphericalKMeansDescription.MeanCosines,
                    Values = [.. outcome.Clusters.Select(cluster => 1 - (cluster.Spread * cluster.Spread / 2))],
                },
            ],
        };
    }

    protected internal override PreparedModel Prepare(IModel finished, KMeansModel model) => new PreparedSphericalKMeans(finished, model);
}
