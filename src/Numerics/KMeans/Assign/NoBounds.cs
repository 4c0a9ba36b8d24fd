using System.Runtime.CompilerServices;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>Every row is scored against every centre, and nothing is kept.</summary>
internal sealed class NoBounds(Labelling on) : IAcceleration
{
    public int Prepare(CentreTables centres, CentreTables? earlier, bool hold) => 0;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Slice(RowSource source, int begin, int end, SliceWork work)
    {
        for (int first = begin; first < end; first += Labelling.BatchRows)
            on.Score(source, first, Math.Min(Labelling.BatchRows, end - first), bounding: false, work);
    }

    public void Complete()
    {
    }
}
