namespace OrleansCluster.Bench.Kernels;

/// <summary>What a benchmark must do whatever the method.</summary>
/// <param name="MultiplyAdds">Fused multiply-adds: two operations each.</param>
/// <param name="Bytes">Read from rows, each value once.</param>
/// <param name="Double">Whether they are in float64.</param>
public readonly record struct Cost(double MultiplyAdds, double Bytes, bool Double);

/// <summary>A workload whose benchmarks all cost the same.</summary>
public interface ICosts
{
    Cost Cost { get; }
}
