using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Datasets;

/// <summary>The names of precisions on the wire: <c>f4</c> and <c>f8</c>.</summary>
internal static class Precisions
{
    public static string Name(Precision precision) => precision == Precision.Float32 ? "f4" : "f8";

    /// <exception cref="ClusteringException">Another name.</exception>
    public static Precision Parse(string name) => name switch
    {
        "f4" => Precision.Float32,
        "f8" => Precision.Float64,
        _ => throw new ClusteringException($"The precision '{name}' is not known: use f4 or f8."),
    };
}
