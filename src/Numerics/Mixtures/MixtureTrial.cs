namespace OrleansCluster.Numerics.Mixtures;

/// <summary>What chooses among numbers of components; of each, less is better. Values are part of the format.</summary>
public enum MixtureCriterion : byte
{
    /// <summary>See <see cref="MixtureCriteria.Bic"/>.</summary>
    Bic = 1,

    /// <summary>See <see cref="MixtureCriteria.Aic"/>.</summary>
    Aic = 2,

    /// <summary>See <see cref="MixtureCriteria.Icl"/>.</summary>
    Icl = 3,
}

/// <summary>One number of components that was tried.</summary>
/// <param name="K">The number asked for.</param>
/// <param name="Start">The restart that was best, from 0.</param>
/// <param name="Criteria">Of the best restart.</param>
public sealed record MixtureTrial(int K, int Start, MixtureCriteria Criteria)
{
    /// <summary>The value of one criterion.</summary>
    public double Value(MixtureCriterion criterion) => criterion switch
    {
        MixtureCriterion.Bic => Criteria.Bic,
        MixtureCriterion.Aic => Criteria.Aic,
        MixtureCriterion.Icl => Criteria.Icl,
        _ => throw new ArgumentOutOfRangeException(nameof(criterion)),
    };
}
