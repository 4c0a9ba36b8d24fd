using System.Globalization;
using OrleansCluster.Models;

namespace OrleansCluster.Pages.Pictures;

/// <summary>Which version comes from which: the newest ones in a row, each joined with its parent.</summary>
internal static class Lineage
{
    /// <summary>Versions that are shown.</summary>
    public const int Most = 16;

    private const double Step = 62, Top = 46, Radius = 14;

    public static string Draw(string title, IReadOnlyList<VersionSummary> versions, int champion)
    {
        VersionSummary[] shown = [.. versions.TakeLast(Most)];
        var places = shown.Select((version, i) => (version.Version, X: 26 + (i * Step))).ToDictionary(one => one.Version, one => one.X);
        var svg = new Svg(52 + ((shown.Length - 1) * Step), Top + Radius + 8, title, "picture lineage natural");
        foreach (VersionSummary version in shown)
        {
            double x = places[version.Version];
            if (version.Parent == 0)
                continue;
            // A parent that is not shown any more lies to the left.
            double from = places.GetValueOrDefault(version.Parent, 0);
            bool isNext = Math.Abs(x - from - Step) < 1;
            double lift = isNext ? 0 : Math.Min(34, 12 + (Math.Abs(x - from) / 10));
            svg.Shape(
                "path", $"version {version.Version} is aligned with version {version.Parent}", ("class", "arc"),
                ("d", string.Create(
                    CultureInfo.InvariantCulture,
                    $"M{from + (isNext ? Radius : 0):0.#} {Top - (isNext ? 0 : Radius):0.#}Q{(from + x) / 2:0.#} {Top - (isNext ? 0 : Radius + lift):0.#} "
                        + $"{x - (isNext ? Radius : 0):0.#} {Top - (isNext ? 0 : Radius):0.#}")));
        }

        foreach (VersionSummary version in shown)
        {
            double x = places[version.Version];
            bool isChampion = version.Version == champion;
            svg.Shape(
                "circle", $"version {version.Version}{(isChampion ? ", the champion" : "")}{(version.Pruned is null ? "" : ", pruned")}",
                ("class", $"node{(isChampion ? " champion" : "")}{(version.Pruned is null ? "" : " pruned")}"), ("cx", x), ("cy", Top), ("r", Radius));
            svg.Text(x, Top + 4.5, version.Version.ToString(CultureInfo.InvariantCulture), isChampion ? "champion-name" : "", "middle");
        }

        return svg.ToString();
    }
}
