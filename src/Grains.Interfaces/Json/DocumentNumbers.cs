using OrleansCluster.Contracts.Api;
using OrleansCluster.Models.Routing;

namespace OrleansCluster.Json;

/// <summary>Shares, durations and guards as documents have them.</summary>
public static class DocumentNumbers
{
    /// <summary>A duration in seconds.</summary>
    /// <exception cref="ClusteringException">It is none.</exception>
    public static TimeSpan Span(string name, double seconds) => seconds is >= 0 and < 3.2e9
        ? TimeSpan.FromSeconds(seconds)
        : throw new ClusteringException($"{name} is {seconds}, and must be a number of seconds from 0 on.");

    /// <summary>A share, 0 … 1, in slots of a route; null: it is none, or finer than a slot.</summary>
    public static int? Slots(double share)
    {
        double slots = Math.Round(share * ModelRoute.Whole);
        return share is >= 0 and <= 1 && Math.Abs((share * ModelRoute.Whole) - slots) < 1e-6 ? (int)slots : null;
    }

    /// <summary>Slots of a route as a share, 0 … 1.</summary>
    public static double Share(int slots) => slots / (double)ModelRoute.Whole;

    /// <summary>What must hold of a canary.</summary>
    public static GuardLimitsDocument Of(CanaryGuards guards)
    {
        ArgumentNullException.ThrowIfNull(guards);
        return new GuardLimitsDocument
        {
            LeastAgreement = guards.LeastAgreement,
            MostWorse = guards.MostWorse,
            MostErrors = guards.MostErrors,
            LeastRows = guards.LeastRows,
            MostFlagged = guards.MostFlagged,
            MostSlower = guards.MostSlower,
        };
    }

    /// <summary>What a document says must hold of a canary.</summary>
    public static CanaryGuards Read(GuardLimitsDocument guards)
    {
        ArgumentNullException.ThrowIfNull(guards);
        return new CanaryGuards
        {
            LeastAgreement = guards.LeastAgreement,
            MostWorse = guards.MostWorse,
            MostErrors = guards.MostErrors,
            LeastRows = guards.LeastRows,
            MostFlagged = guards.MostFlagged,
            MostSlower = guards.MostSlower,
        };
    }
}
