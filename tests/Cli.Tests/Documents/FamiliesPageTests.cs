using System.Globalization;
using System.Text;
using OrleansCluster.Families;
using OrleansCluster.Families.Options;

namespace OrleansCluster.Cli.Tests;

/// <summary>docs/families.md is what the families say of themselves.</summary>
public sealed class FamiliesPageTests
{
    [Fact]
    public void The_page_says_what_the_families_say()
    {
        string path = CommandLine.InRepository("docs/families.md"), page = Page(FamilyRegistry.Standard);
        // CLUSTER_DOCS_WRITE=1 writes the page anew.
        if (Environment.GetEnvironmentVariable("CLUSTER_DOCS_WRITE") == "1")
            File.WriteAllText(path, page);
        File.ReadAllText(path).ReplaceLineEndings("\n").ShouldBe(page);
    }

    private static string Page(FamilyRegistry families)
    {
        var page = new StringBuilder();
        page.Append("# Families of models\n\n");
        page.Append("What can be trained, and with which options. The same tables are told by `./cluster families show NAME`, and as JSON Schema with "
            + "`--report json`.\n");
        page.Append("[adding-a-family.md](adding-a-family.md) says how to add one.\n");
        foreach (FamilyDescription family in families.All.Select(family => family.Description))
        {
            page.Append(CultureInfo.InvariantCulture, $"\n## {family.Title}\n\n`./cluster train {family.Name}`: {family.Help}.\n");
            page.Append(CultureInfo.InvariantCulture, $"The objective is `{family.ObjectiveName}`; {(family.LessIsBetter ? "less" : "more")} is better. ");
            page.Append(CultureInfo.InvariantCulture, $"A model can be asked for {string.Join(", ", families.Find(family.Name).Capabilities)}.\n\n");
            page.Append("| option | value | default | what |\n|---|---|---|---|\n");
            foreach (OptionInfo option in family.Options)
                page.Append(CultureInfo.InvariantCulture, $"| `--{option.Name}` | {Cell(option.Values())} | {Cell(option.Default)} | {Cell(option.Help)} |\n");
            if (family.Measures.Length + family.PartMeasures.Length > 0)
                page.Append(CultureInfo.InvariantCulture,
                    $"\nReports tell {Names(family.Measures.Select(measure => measure.Name))} of the model and "
                        + $"{Names(family.PartMeasures.Select(measure => measure.Name))} of each {family.Part}.\n");
        }

        return page.ToString();
    }

    private static string Names(IEnumerable<string> names) => names.Any() ? string.Join(", ", names.Select(name => $"`{name}`")) : "nothing more";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
