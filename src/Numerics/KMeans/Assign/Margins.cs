using System.Runtime.CompilerServices;
using OrleansCluster.Numerics.Distances;

namespace OrleansCluster.Numerics.KMeans.Assign;

/// <summary>What a score in float32 says of a distance: the margins of docs/numerics-certification.md, one row at a time.</summary>
internal static class Margins
{
    /// <summary>How far apart two scores of a row of this norm must be for their order to be certain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Limit(float norm, Certificate certificate)
        => MathF.FusedMultiplyAdd(norm, MathF.FusedMultiplyAdd(norm, certificate.Quadratic, certificate.Linear), certificate.Constant);

    /// <summary>q of docs/numerics-certification.md.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Error(float square, float limit, float normError) => MathF.FusedMultiplyAdd(square, normError, limit * 1.5f);

    /// <summary>At least the distance to a centre of this score, with the margin of the bounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Upper(float norm, float score, float normError, Certificate certificate)
    {
        float square = norm * norm;
        float squared = MathF.FusedMultiplyAdd(2, score, square) + Error(square, Limit(norm, certificate), normError);
        return (MathF.Sqrt(Math.Max(squared, 0)) * (1 + (1f / (1 << 18)))) + 1e-15f;
    }

    /// <summary>At most the distance to a centre of this score, with the margin of the bounds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Lower(float score, float square, float error)
        => MathF.Sqrt(Math.Max(MathF.FusedMultiplyAdd(2, score, square) - error, 0)) * (1 - (1f / (1 << 18)));

    /// <summary>A lower bound, or a slack, as it is kept: more by what the centres have travelled, rounded against the row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float More(float lower, float travelled) => MathF.FusedMultiplyAdd(travelled, 1 - (1f / (1 << 22)), lower);

    /// <summary>An upper bound as it is kept: less by what the centre has travelled.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Less(float upper, float travelled) => MathF.FusedMultiplyAdd(travelled, -(1 - (1f / (1 << 22))), upper);
}
