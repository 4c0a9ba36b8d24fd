using System.Text.RegularExpressions;

namespace OrleansCluster.Cli.Tests.Families;

/// <summary>A family's name is in its own folders, and nowhere else above the mathematics.</summary>
public sealed partial class NamesTests
{
    private static readonly string[] Projects = ["Grains.Interfaces", "Grains", "Contracts", "Client", "Silo", "Pages", "Web", "Cli"];

    [Fact]
    public void Nothing_outside_a_family_s_folders_knows_its_name()
    {
        var found = new List<string>();
        foreach (string file in Projects.SelectMany(project =>
            Directory.EnumerateFiles(CommandLine.InRepository($"src/{project}"), "*.cs", SearchOption.AllDirectories)))
        {
            string path = file.Replace('\\', '/');
            if (Own().IsMatch(path))
                continue;
            string[] lines = File.ReadAllLines(file);
            for (int i = 0; i < lines.Length; i++)
            {
                if (Family().IsMatch(lines[i]))
                    found.Add($"{path}({i + 1}): {lines[i].Trim()}");
            }
        }

        found.ShouldBeEmpty();
    }

    /// <summary>The families' folders, the lines that register them, and the demo, which is about two of them.</summary>
    [GeneratedRegex("/Families/(KMeans|SphericalKMeans|Mixtures)/|/Families/FamilyRegistry[.]cs$|/Cli/Demo/|/obj/")]
    private static partial Regex Own();

    [GeneratedRegex("k-?means|mixture|gmm", RegexOptions.IgnoreCase)]
    private static partial Regex Family();
}
