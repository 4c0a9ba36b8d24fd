using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Contracts.Api;
using Spectre.Console;
using OrleansCluster.Numerics.Preparation;

namespace OrleansCluster.Cli.Output;

/// <summary>What clusters are like, for people: of each a table of its columns, and rows.</summary>
internal static class ClusterProfileOutput
{
    private const int MostColumns = 8;

    public static void Write(CommandContext context, ClusterProfilesDocument document, ClusterNames names)
    {
        IAnsiConsole console = context.Terminal.Out;
        foreach (ClusterProfileDocument cluster in document.Clusters)
        {
            console.WriteLine();
            TrainingText.Heading(
                console, $"{document.Model} version {document.Version}", $"cluster {names.IdOf(cluster.Cluster)}: {Numbers.Of(cluster.Size, "row")}, "
                    + $"{Numbers.Share(100 * cluster.Share)}, spread {(cluster.Spread is { } spread ? Numbers.Real(spread) : "–")}");
            console.WriteLine();
            var table = new Listing(
                Column.Name("column"), Column.Number("apart"), Column.Number("mean"), Column.Number("elsewhere"), Column.Number("5%"), Column.Number("median"),
                Column.Number("95%"), Column.Name("most are", least: 8));
            foreach (ClusterColumnDocument column in cluster.Columns.Take(MostColumns))
            {
                bool told = column.Quantiles.Length > 0;
                table.Add(
                    column.Column, Numbers.Real(column.Apart, 1), Of(column, column.Mean), Of(column, column.MeanElsewhere),
                    told ? Of(column, column.Quantiles[0]) : "", told ? Of(column, column.Quantiles[2]) : "", told ? Of(column, column.Quantiles[^1]) : "",
                    string.Join(", ", column.Categories.Select(category =>
                        $"{category.Category} {Numbers.Share(100 * category.Share)} (elsewhere {Numbers.Share(100 * category.ShareElsewhere)})")));
            }

            table.Write(console);
            if (cluster.Columns.Length > MostColumns)
                Prose.Note(console, $"the {MostColumns} columns of {cluster.Columns.Length} that set it apart most");
            Rows(console, "most typical", cluster.Typical, names);
            Rows(console, "representative", cluster.Representative, names);
            Rows(console, "most doubtful", cluster.Doubtful, names);
        }

        if (document.LookedAt < document.Rows)
            Prose.Note(console, $"as {Numbers.Of(document.LookedAt, "row")} of {Numbers.Count(document.Rows)} say, evenly spaced");
    }

    private static void Rows(IAnsiConsole console, string kind, ClusterRowDocument[] rows, ClusterNames names)
    {
        foreach (ClusterRowDocument row in rows)
        {
            string lead = row is { Lead: { } ahead, RunnerUp: { } other } ? $", leads cluster {names.IdOf(other)} by {Numbers.Real(ahead)}" : "";
            string values = string.Join(", ", row.Values.Take(MostColumns).Select(value => $"{value.Column} {Text(value.Value)}"));
            Prose.Note(console, $"{kind}: {row.Id ?? "row " + row.Row.ToString(CultureInfo.InvariantCulture)} ({values}){lead}");
        }
    }

    private static string Of(ClusterColumnDocument column, double? value) => value is not { } number ? ""
        : column.Type == "datetime" ? ShownTime.Of(number)[..10]
        : Numbers.Real(number, column.Quantiles.Select(Math.Abs).DefaultIfEmpty().Max());

    private static string Text(JsonValue? value) => value?.GetValueKind() switch
    {
        null => "–",
        JsonValueKind.Number => Numbers.Real(value.GetValue<double>()),
        JsonValueKind.True => "yes",
        JsonValueKind.False => "no",
        _ => value.GetValue<string>(),
    };
}
