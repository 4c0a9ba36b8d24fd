using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Distances;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <content>What a score in float32 says of a distance: the margins of docs/numerics-certification.md.</content>
public sealed unsafe partial class ShardAssigner
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Limit(float norm, Certificate certificate)
        => MathF.FusedMultiplyAdd(norm, MathF.FusedMultiplyAdd(norm, certificate.Quadratic, certificate.Linear), certificate.Constant);

    /// <summary>q of docs/numerics-certification.md.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Error(float square, float limit, float normError) => MathF.FusedMultiplyAdd(square, normError, limit * 1.5f);

    /// <summary>At least the distance to a centre, with the margin of the bounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Upper(float norm, float score, float normError)
    {
        float square = norm * norm;
        float squared = MathF.FusedMultiplyAdd(2, score, square) + Error(square, Limit(norm, _table.Certificate), normError);
        return (MathF.Sqrt(Math.Max(squared, 0)) * (1 + (1f / (1 << 18)))) + 1e-15f;
    }
}
