using Orleans.Serialization;

namespace OrleansCluster.Datasets;

/// <summary>States that come out of a backup.</summary>
internal static class PackedStates
{
    /// <summary>The state that was packed.</summary>
    /// <param name="states">How states of this kind are written.</param>
    /// <param name="packed">As <see cref="PackedState.State"/>.</param>
    /// <param name="what">What it is to be, for the message: <c>dataset 'a'</c>.</param>
    /// <exception cref="ClusteringException">It is not one that this program can read.</exception>
    public static T Read<T>(this Serializer<T> states, ReadOnlyMemory<byte> packed, string what)
        where T : class
    {
#pragma warning disable CA1031 // Whatever a serializer meets in foreign bytes, it is they that are wrong.
        try
        {
            return states.Deserialize(packed) ?? throw new InvalidDataException("it is empty");
        }
        catch (Exception e)
        {
            throw new ClusteringException($"What came as the {what} is none that this program can read: {e.Message}");
        }
#pragma warning restore CA1031
    }
}
