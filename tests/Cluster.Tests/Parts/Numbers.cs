using System.Globalization;

namespace OrleansCluster.Cluster.Tests.Parts;

/// <summary>Numbers that the environment may change, so that a test can be made longer.</summary>
internal static class Numbers
{
    public static int Read(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out int number) ? number : otherwise;
}
