using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>How often clusters became empty in a restart: told once at its end, not once an iteration.</summary>
internal sealed class EmptyTally
{
    private int _first;
    private int _iterations;
    private string _names = "";

    /// <summary>Empty clusters, summed over iterations.</summary>
    public long Clusters { get; private set; }

    public void Count(int iteration, int[] empty, EmptyClusters policy)
    {
        // Those that are dropped are in no model, and whoever comes after them moves up.
        if (Clusters == 0)
            (_first, _names) = (iteration, KMeansTrainer.Clusters(empty, policy == EmptyClusters.Drop ? ClusterMark.Lost : ClusterMark.Of));
        Clusters += empty.Length;
        _iterations++;
    }

    public string Describe(EmptyClusters policy)
    {
        string what = policy == EmptyClusters.Drop ? "dropped" : "given the rows farthest from their centres";
        string often = _iterations == 1
            ? $"in iteration {_first} ({_names})"
            : $"in {_iterations} iterations, first in iteration {_first} ({_names})";
        return $"{Clusters} empty {(Clusters == 1 ? "cluster was" : "clusters were")} {what} {often}.";
    }

    public void Write(ByteWriter writer)
    {
        writer.Int32(_first);
        writer.Int32(_iterations);
        writer.String(_names);
        writer.Int64(Clusters);
    }

    public static EmptyTally Read(ByteReader reader)
        => new() { _first = reader.Int32(), _iterations = reader.Int32(), _names = reader.String(), Clusters = reader.Int64() };
}
