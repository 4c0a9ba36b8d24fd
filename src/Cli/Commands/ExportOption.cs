using System.CommandLine;

namespace OrleansCluster.Cli.Commands;

/// <summary><c>--export DIR</c>, of every command that ends with a trained model.</summary>
internal static class ExportOption
{
    public static Option<string?> Create() => new("--export")
    {
        Description = "Also write to a folder: parameters.json, the parameters as arrays (centroids.npy, or weights.npy, means.npy and covariances.npy; "
            + "float64), "
            + "ids.npy (int32: the stable id of each of their rows, ascending) and labels.npy (int32: the stable id of each data row's cluster)",
        HelpName = "DIR",
    };
}
