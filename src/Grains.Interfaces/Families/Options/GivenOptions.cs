using System.Collections.Immutable;
using OrleansCluster.Training;

namespace OrleansCluster.Families.Options;

/// <summary>Options as somebody gave them.</summary>
/// <param name="Options">What they came to.</param>
/// <param name="Texts">Those that were given, by name, as they were written.</param>
public sealed record GivenOptions(ITrainingOptions Options, ImmutableDictionary<string, string> Texts)
{
    /// <summary>Whether an option was given.</summary>
    public bool Has(string name) => Texts.ContainsKey(name);
}
