using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.KMeans.Assign;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Tests.Distances;

namespace OrleansCluster.Numerics.Tests.KMeans.Assign;

/// <summary>Kernels allocate nothing once they have run: no more than what they answer, however many rows there are.</summary>
public sealed class AllocationTests
{
    private const int Rows = 150_000;

    /// <summary>A call's own closure, whatever its rows.</summary>
    private const int Call = 200;

    [Theory]
    [InlineData(8, 16, true)]
    [InlineData(32, 64, true)]
    [InlineData(5, 300, false)]
    public void Assigning_rows_allocates_nothing(int columns, int k, bool single)
    {
        KernelCase c = KernelCase.Make(3, "plain", Rows, columns, k, single, weighted: false);
        var nearest = new NearestCentroid(c.Centroids, c.K, columns);
        var labels = new int[Rows];
        var squared = new double[Rows];
        Allocated(() => nearest.Assign(c.Rows, labels, [], Sequential.Instance)).ShouldBeLessThanOrEqualTo(Call);
        Allocated(() => nearest.Assign(c.Rows, labels, squared, Sequential.Instance)).ShouldBeLessThanOrEqualTo(Call);
    }

    [Theory]
    [InlineData(8, 16, true)]
    [InlineData(32, 64, true)]
    [InlineData(5, 300, false)]
    public void A_plain_step_allocates_its_result_only(int columns, int k, bool single)
    {
        KernelCase c = KernelCase.Make(4, "plain", Rows, columns, k, single, weighted: true);
        var assigner = new ShardAssigner(c.Rows, c.Frame);
        double[] next = c.Step(assigner.Assign(c.Centroids, c.K, null, plain: true, Sequential.Instance, default), c.Centroids);
        (double[] from, double[] to) = (c.Centroids, next);
        long step = Allocated(() =>
        {
            assigner.Assign(to, c.K, from, plain: true, Sequential.Instance, default);
            (from, to) = (to, from);
        });
        step.ShouldBeLessThanOrEqualTo(Allocated(() => _ = new AssignmentSums(c.K, columns)) + Call);
    }

    /// <summary>Bytes of a call after the first ones, which make room for what is kept: the least of several, because a collection
    /// that another thread brings about counts what was left of this thread's share of memory too.</summary>
    private static long Allocated(Action action)
    {
        action();
        action();
        long least = long.MaxValue;
        for (int i = 0; i < 5; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
