using Microsoft.Extensions.Configuration;

namespace OrleansCluster.Silo.Clustering;

/// <summary>Settings from the command line.</summary>
internal static class ConfigurationOverrides
{
    /// <summary>Adds settings of the section <see cref="ClusterSettings.Section"/> that win over all others.</summary>
    public static void AddOverrides(this IConfigurationBuilder configuration, IEnumerable<KeyValuePair<string, string?>> overrides) =>
        configuration.AddInMemoryCollection(overrides.Select(pair => KeyValuePair.Create($"{ClusterSettings.Section}:{pair.Key}", pair.Value)));
}
