using System.Collections.Immutable;

namespace OrleansCluster.Numerics.Selection;

/// <summary>What chooses among numbers of clusters. Values are part of the format.</summary>
public enum SelectionCriterion : byte
{
    /// <summary>See <see cref="Mixtures.MixtureCriteria.Bic"/>; less is better.</summary>
    Bic = 1,

    /// <summary>See <see cref="Mixtures.MixtureCriteria.Aic"/>; less is better.</summary>
    Aic = 2,

    /// <summary>See <see cref="Mixtures.MixtureCriteria.Icl"/>; less is better.</summary>
    Icl = 3,

    /// <summary>Mean log-likelihood of the rows that were held out of the fit; more is better.</summary>
    HeldOut = 4,

    /// <summary>See <see cref="Evaluation.Silhouette"/>, over a sample of the rows; more is better.</summary>
    Silhouette = 16,

    /// <summary>See <see cref="Evaluation.InternalIndices.CalinskiHarabasz"/>; more is better.</summary>
    CalinskiHarabasz = 17,

    /// <summary>See <see cref="Evaluation.InternalIndices.DaviesBouldin"/>; less is better.</summary>
    DaviesBouldin = 18,

    /// <summary>See <see cref="Selection.Elbow"/>; more is better.</summary>
    Elbow = 19,
}

/// <summary>Names and directions of criteria.</summary>
public static class SelectionCriteria
{
    private static readonly ImmutableDictionary<SelectionCriterion, string> Names = new Dictionary<SelectionCriterion, string>
    {
        [SelectionCriterion.Bic] = "bic",
        [SelectionCriterion.Aic] = "aic",
        [SelectionCriterion.Icl] = "icl",
        [SelectionCriterion.HeldOut] = "held-out",
        [SelectionCriterion.Silhouette] = "silhouette",
        [SelectionCriterion.CalinskiHarabasz] = "calinski-harabasz",
        [SelectionCriterion.DaviesBouldin] = "davies-bouldin",
        [SelectionCriterion.Elbow] = "elbow",
    }.ToImmutableDictionary();

    /// <summary>Those of mixtures.</summary>
    public static ImmutableArray<SelectionCriterion> OfMixtures { get; } =
        [SelectionCriterion.Bic, SelectionCriterion.Aic, SelectionCriterion.Icl, SelectionCriterion.HeldOut];

    /// <summary>Those of k-means.</summary>
    public static ImmutableArray<SelectionCriterion> OfKMeans { get; } =
        [SelectionCriterion.Silhouette, SelectionCriterion.CalinskiHarabasz, SelectionCriterion.DaviesBouldin, SelectionCriterion.Elbow];

    /// <summary>The name that people use: <c>held-out</c>.</summary>
    public static string Name(this SelectionCriterion criterion) => Names[criterion];

    /// <summary>The criterion of a name.</summary>
    /// <param name="name">As people use it.</param>
    /// <param name="among">Those that are possible.</param>
    /// <exception cref="ArgumentException">None of them has it; the message lists them.</exception>
    public static SelectionCriterion Parse(string name, ImmutableArray<SelectionCriterion> among)
    {
        foreach (SelectionCriterion criterion in among)
        {
            if (criterion.Name() == name)
                return criterion;
        }

        throw new ArgumentException($"select is '{name}': it must be one of {string.Join(", ", among.Select(Name))}.");
    }

    /// <summary>Whether a greater value is the better one.</summary>
    public static bool MoreIsBetter(this SelectionCriterion criterion)
        => criterion is SelectionCriterion.HeldOut or SelectionCriterion.Silhouette or SelectionCriterion.CalinskiHarabasz or SelectionCriterion.Elbow;
}
