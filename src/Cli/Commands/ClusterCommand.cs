using System.CommandLine;
using OrleansCluster.Families;

namespace OrleansCluster.Cli.Commands;

/// <summary>The root of all commands, which knows the families that can be trained and the options that every command takes.</summary>
internal sealed class ClusterCommand(FamilyRegistry families) : RootCommand(
    $"Clusters data on a cluster of Orleans grains: models are trained, versioned and queried. Families: "
        + $"{string.Join(", ", families.All.Select(family => family.Description.Title))}.")
{
    public FamilyRegistry Families => families;

    public GlobalOptions Globals { get; } = new();
}
