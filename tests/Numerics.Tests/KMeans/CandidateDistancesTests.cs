using OrleansCluster.Numerics.KMeans.Worker;

namespace OrleansCluster.Numerics.Tests.KMeans;

public sealed class CandidateDistancesTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(8, 7)]
    [InlineData(9, 33)]
    public void Bits_are_those_of_the_canonical_distance(int count, int columns)
    {
        double[] candidates = Train.Blobs(count, count, columns, 2, offset: 1e3);
        double[] row = Train.Blobs(99, 1, columns, 1, offset: 1e3);
        var distances = new CandidateDistances(candidates, columns);
        var squared = new double[distances.Lanes];
        distances.Squared(row, squared);
        for (int c = 0; c < count; c++)
            squared[c].ShouldBe(Distance.Squared((ReadOnlySpan<double>)row, candidates.AsSpan(c * columns, columns)));
    }
}
