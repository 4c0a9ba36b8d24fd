using System.Globalization;
using System.Net;
using System.Text;
using OrleansCluster.Models;
using OrleansCluster.Pages.Pictures;

namespace OrleansCluster.Cli.Output;

/// <summary>What became of clusters between two versions, as one page that needs nothing else: no scripts, no fonts, no network.</summary>
internal static class DiffPage
{
    private const string Styles = """
        :root { color-scheme: light dark; --ink: #1c2430; --quiet: #5d6878; --line: #dfe3e9; --ground: #ffffff; --card: #f5f7fa; --warn: #a34a00; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e8ecf2; --quiet: #9aa6b6; --line: #333c48; --ground: #151a21; --card: #1e252e; --warn: #ffb066;
          } }
        body { margin: 0 auto; max-width: 1060px; padding: 40px 28px 64px; background: var(--ground); color: var(--ink);
          font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
        h1 { font-size: 26px; font-weight: 650; margin: 0; letter-spacing: -.01em; }
        h2 { font-size: 17px; margin: 40px 0 10px; }
        p { margin: 6px 0; } .quiet { color: var(--quiet); }
        dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 26px 0 8px; }
        dl div { background: var(--card); border-radius: 10px; padding: 12px 16px; }
        dt { color: var(--quiet); font-size: 13px; } dd { margin: 2px 0 0; font-size: 23px; font-weight: 600; font-variant-numeric: tabular-nums; }
        dd small { display: block; font-size: 12.5px; font-weight: 400; color: var(--quiet); }
        svg { width: 100%; height: auto; display: block; } svg text { fill: var(--ink); font-size: 14px; } svg .id { font-weight: 650; }
        svg .quiet { fill: var(--quiet); } svg .fate { fill: var(--warn); font-weight: 550; }
        svg .head { font-weight: 600; font-size: 15px; fill: var(--quiet); }
        .stay { opacity: .38; } .go { opacity: .85; } .stay:hover, .go:hover { opacity: 1; }
        .wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
        th { text-align: right; font-weight: 500; color: var(--quiet); font-size: 13px; } td { text-align: right; border-top: 1px solid var(--line); }
        th, td { padding: 6px 10px; white-space: nowrap; } th:nth-child(2), td:nth-child(2), th:last-child, td:last-child { text-align: left; }
        td:last-child { color: var(--warn); white-space: normal; min-width: 130px; }
        tbody th { color: var(--ink); font-weight: 650; font-size: 15px; border-top: 1px solid var(--line); }
        """;

    public static string Create(VersionDiff diff)
    {
        VersionAlignment alignment = diff.Alignment;
        var picture = new FlowPicture(Input(diff));
        string title = Encode($"{diff.After.Name}: version {diff.Before.Version} → {diff.After.Version}");
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture,
            $"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, "
                + $"initial-scale=1\">\n<title>{title}</title>\n<style>\n{Styles}\n</style>\n</head>\n<body>\n<main>\n");
        page.Append(CultureInfo.InvariantCulture,
            $"<h1>{title}</h1>\n<p class=\"quiet\">{Encode(Origin(diff.Before))}<br>{Encode(Origin(diff.After))}<br>Clusters {Encode(diff.How)}.</p>\n<dl>\n");
        if (diff.HasAnchors)
        {
            Card(page, "churn", Percent(alignment.Churn), $"of {Numbers.Count((long)Math.Round(alignment.AnchorWeight))} anchor rows have another id");
            Card(page, "agreement", alignment.AdjustedRand.ToString("0.000", CultureInfo.InvariantCulture), "adjusted Rand index");
        }

        int born = diff.Clusters.Count(cluster => cluster.Born);
        Card(page, "clusters", $"{diff.Before.Training.K} → {diff.After.Training.K}", $"{born} born, {diff.Died.Count} died");
        if (alignment.LeastConfidence() is { } least)
            Card(page, "least confidence", Percent(least), $"of the matches; 100% is beyond doubt");
        if (diff.Clusters.Where(cluster => cluster.Moved is not null).MaxBy(cluster => cluster.Moved) is { } farthest)
            Card(page, "farthest move", farthest.Moved!.Value.ToString("0.00", CultureInfo.InvariantCulture),
                $"spreads, cluster {diff.Names.IdOf(farthest.Label)}");
        page.Append("</dl>\n<h2>Where the rows went</h2>\n");
        page.Append(CultureInfo.InvariantCulture, $"<figure style=\"margin:0\">\n{picture.Draw()}</figure>\n");
        page.Append("<p class=\"quiet\">Pale bands: rows that kept their cluster. Strong bands: rows that changed it, in the colour they come from.");
        if (picture.Rest is { } rest)
            page.Append(CultureInfo.InvariantCulture, $" {Encode(rest)}");
        if (!diff.HasAnchors)
            page.Append(" The model has no anchor rows, so only the sizes of clusters are drawn.");
        page.Append("</p>\n<h2>Cluster by cluster</h2>\n<div class=\"wide\"><table>\n<thead><tr><th scope=\"col\">cluster</th><th scope=\"col\">name</th><th "
            + "scope=\"col\">rows before</th><th scope=\"col\">rows now</th><th scope=\"col\">moved (spreads)</th><th scope=\"col\">confidence</th><th "
                + "scope=\"col\">overlap</th><th scope=\"col\"></th></tr></thead>\n<tbody>\n");
        foreach (ClusterLineage cluster in diff.Clusters)
            Row(page, diff, cluster.Label, cluster.Moved?.ToString("0.000", CultureInfo.InvariantCulture), Percent(cluster.Confidence), cluster.Born ? null
                : Percent(cluster.Jaccard), diff.Fate(cluster));
        foreach (ClusterEnd end in diff.Died)
            Row(page, diff, end.Label, null, null, null, diff.Fate(end));
        page.Append("</tbody>\n</table></div>\n</main>\n</body>\n</html>\n");
        return page.ToString();
    }

    private static FlowInput Input(VersionDiff diff)
    {
        FlowEnd End(int label, string fate) => new(label, diff.Names.Of(label), diff.ColourOf(label), fate, diff.SizeAfter(label));
        return new FlowInput(
            diff.Before.Version, diff.After.Version,
            [.. diff.Clusters.Where(cluster => !cluster.Born).Select(cluster => End(cluster.Label, "")).Concat(diff.Died.Select(end => End(end.Label,
                diff.Brief(end)))).OrderBy(end => end.Label)],
            [.. diff.Clusters.Select(cluster => End(cluster.Label, VersionDiff.Brief(cluster)))], diff.HasAnchors ? diff.Alignment.Flows : []);
    }

    private static void Card(StringBuilder page, string name, string value, string remark) =>
        page.Append(CultureInfo.InvariantCulture, $"<div><dt>{Encode(name)}</dt><dd>{Encode(value)}<small>{Encode(remark)}</small></dd></div>\n");

    private static void Row(StringBuilder page, VersionDiff diff, int label, string? moved, string? confidence, string? overlap, string fate)
    {
        page.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{label}</th>");
        foreach (string cell in (string[])[
            Encode(diff.Names.Of(label)), Size(diff.SizeBefore(label)), Size(diff.SizeAfter(label)), moved ?? "–", confidence ?? "–", overlap
                ?? "–", Encode(fate)])
            page.Append(CultureInfo.InvariantCulture, $"<td>{cell}</td>");
        page.Append("</tr>\n");
    }

    private static string Origin(ModelVersion version) => string.Create(
        CultureInfo.InvariantCulture,
        $"Version {version.Version}: {Numbers.Of(version.Training.K, version.Training.Family.Part)} of "
            + $"{version.Training.Dataset}@{version.Training.DatasetVersion}, {Numbers.Of(version.Training.Rows, "row")}, seed "
                + $"{version.Training.Options.Seed}, {version.Created:yyyy-MM-dd HH:mm} UTC{(version.By.Length > 0 ? $", {version.By}" : "")}");

    private static string Size(long? size) => size is { } rows ? Numbers.Count(rows) : "–";

    private static string? Percent(double? share) => share is { } part ? Percent(part) : null;

    private static string Percent(double share) => Numbers.Share(100 * share);

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
