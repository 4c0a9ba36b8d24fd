using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.KMeans.Steps;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Randomness;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.KMeans.Start;

/// <summary>k rows, drawn without replacement in proportion to their weight. Equal rows may be drawn; empty clusters are then dealt with as ever.</summary>
/// <param name="context">What is trained.</param>
internal sealed class RandomStart(StartContext context) : StartMethod
{
    private double[]? _centroids;

    public override KMeansStep? Next => _centroids is null
        ? new RaceStep(context.Frame, [], context.K, context.Draws(Purpose.RandomStart, 0))
        : null;

    public override double[] Centroids => _centroids ?? [];

    public override void Advance(Statistic statistic, IParallel parallel)
        => _centroids = Values(statistic.As<RowSelection>().Rows);

    // Its one step is the whole state: saved before it is answered, or not at all.
    public override void Write(ByteWriter writer)
    {
    }
}
