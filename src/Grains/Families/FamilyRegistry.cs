using System.Collections.Immutable;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Families.SphericalKMeans;

namespace OrleansCluster.Families;

/// <summary>The families that a program knows.</summary>
public sealed class FamilyRegistry
{
    private readonly ImmutableDictionary<string, IFamily> _byName;
    private readonly ProfilePass _profile;

    /// <param name="families">In the order in which people are told of them, each with a name of its own.</param>
    public FamilyRegistry(params ImmutableArray<IFamily> families)
    {
        All = families;
        _byName = families.ToImmutableDictionary(family => family.Description.Name, StringComparer.Ordinal);
        _profile = new ProfilePass(this);
    }

    /// <summary>Those that are built in: a line each.</summary>
    public static FamilyRegistry Standard { get; } = new(
        new KMeansFamily(),
        new SphericalKMeansFamily(),
        new MixtureFamily());

    /// <summary>All of them.</summary>
    public ImmutableArray<IFamily> All { get; }

    /// <summary>These and another one.</summary>
    public FamilyRegistry With(IFamily family) => new([.. All, family]);

    /// <summary>What computes the steps that bear a name: a family's, or a pass that all families share.</summary>
    /// <exception cref="ClusteringException">There is none of that name.</exception>
    internal IPass FindPass(string name) => name == ProfilePass.Name ? _profile : Find(name);

    /// <exception cref="ClusteringException">There is none of that name.</exception>
    public IFamily Find(string name) => _byName.TryGetValue(name, out IFamily? family)
        ? family
        : throw new ClusteringException($"This program does not know the family '{name}', only "
            + $"{string.Join(", ", All.Select(family => family.Description.Name))}: use a newer program.");

    /// <summary>A model of any family, as it lies in the blob store.</summary>
    /// <exception cref="InvalidDataException">The bytes are no model of these families, or damaged.</exception>
    public IModel Decode(ReadOnlyMemory<byte> parameters)
    {
        foreach (IFamily family in All)
        {
            if (family.Owns(parameters.Span))
                return family.Decode(parameters);
        }

        throw new InvalidDataException($"they are of none of the families {string.Join(", ", All.Select(family => family.Description.Name))}.");
    }
}
