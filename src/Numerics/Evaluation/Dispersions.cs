using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Statistics;

namespace OrleansCluster.Numerics.Evaluation;

/// <summary><see cref="DispersionStatistic"/> as steps compute it, shard by shard.</summary>
/// <param name="of">What was taken in.</param>
internal sealed class Dispersions(DispersionStatistic of) : Statistic, IStatistic<Dispersions>
{
    public static byte Kind => 4;

    protected override byte Tag => Kind;

    public override void MergeFrom(Statistic following) => of.MergeFrom(((Dispersions)following).Of);

    public ClusterDispersions Finish() => of.Finish();

    private DispersionStatistic Of => of;

    protected override void Write(ByteWriter writer) => of.Write(writer);

    public static Dispersions Read(ByteReader reader) => new(DispersionStatistic.Read(reader));
}
