using Microsoft.Extensions.Configuration;

namespace OrleansCluster.Silo.Clustering;

/// <summary>Settings from the command line.</summary>
internal static class ConfigurationOverrides
{
    /// <summary>What files and environment say, and settings that win over them.</summary>
    public static IConfiguration Ordinary(IEnumerable<KeyValuePair<string, string?>> overrides)
    {
        IConfigurationBuilder builder = new ConfigurationBuilder().AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables();
        builder.AddOverrides(overrides);
        return builder.Build();
    }

    /// <summary>Adds settings of the section <see cref="ClusterSettings.Section"/> that win over all others.</summary>
    public static void AddOverrides(this IConfigurationBuilder configuration, IEnumerable<KeyValuePair<string, string?>> overrides) =>
        configuration.AddInMemoryCollection(overrides.Select(pair => KeyValuePair.Create($"{ClusterSettings.Section}:{pair.Key}", pair.Value)));
}
