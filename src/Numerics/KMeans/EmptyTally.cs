using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>How often clusters became empty in a restart: told once at its end, not once an iteration.</summary>
internal sealed class EmptyTally
{
    private int first;
    private int iterations;
    private string names = "";

    /// <summary>Empty clusters, summed over iterations.</summary>
    public long Clusters { get; private set; }

    public void Count(int iteration, int[] empty, EmptyClusters policy)
    {
        // Those that are dropped are in no model, and whoever comes after them moves up.
        if (Clusters == 0)
            (first, names) = (iteration, KMeansTrainer.Clusters(empty, policy == EmptyClusters.Drop ? ClusterMark.Lost : ClusterMark.Of));
        Clusters += empty.Length;
        iterations++;
    }

    public string Describe(EmptyClusters policy)
    {
        string what = policy == EmptyClusters.Drop ? "dropped" : "given the rows farthest from their centres";
        string often = iterations == 1
            ? $"in iteration {first} ({names})"
            : $"in {iterations} iterations, first in iteration {first} ({names})";
        return $"{Clusters} empty {(Clusters == 1 ? "cluster was" : "clusters were")} {what} {often}.";
    }

    public void Write(ByteWriter writer)
    {
        writer.Int32(first);
        writer.Int32(iterations);
        writer.String(names);
        writer.Int64(Clusters);
    }

    public static EmptyTally Read(ByteReader reader)
        => new() { first = reader.Int32(), iterations = reader.Int32(), names = reader.String(), Clusters = reader.Int64() };
}
