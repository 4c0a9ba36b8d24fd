using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Contracts;
using OrleansCluster.Models.Routing;
using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>A model's route as text and as JSON.</summary>
internal static class RouteOutput
{
    private const int BarCells = 40;
    private const int MostClusters = 40;

    public static void Write(CommandContext context, string model, RouteStatus status, RouteAgreement agreement, ClusterNames names)
    {
        // Counts of another route say nothing about this one.
        ImmutableArray<Agreement> agreements = status.Route is { } route && agreement.Route == route.Number
            ? [.. agreement.Versions.Where(counted => IsRouted(route, counted.Version))]
            : [];
        if (context.Json)
            JsonReport.Print(json => WriteJson(json, model, status, agreements, names));
        else
            WriteText(context.Terminal.Out, model, status, agreements, names);
    }

    /// <summary>A share for people: 5%, 0.25%.</summary>
    public static string Share(int slots) => (slots * 100m / ModelRoute.Whole).ToString("0.##", CultureInfo.InvariantCulture) + "%";

    /// <summary>Whether a version still answers or is scored under the route.</summary>
    private static bool IsRouted(ModelRoute route, int version) =>
        route.Canary?.Version == version || route.Shadows.Contains(version) || route.Segments.Any(segment => segment.Version == version);

    private static void WriteText(IAnsiConsole console, string model, RouteStatus status, ImmutableArray<Agreement> agreements, ClusterNames names)
    {
        console.WriteLine();
        string since = status.Route is { } set ? $"route {set.Number}, since {Listing.Date(set.Since)}{(set.By.Length > 0 ? $" by {set.By}" : "")}"
            : "no route: one version answers everything";
        TrainingText.Heading(console, model, since);
        console.WriteLine();
        var table = new Listing(Column.Number("version"), Column.Number("share"), Column.Drawing("", leaves: 1, BarCells, least: 8),
            Column.Prose("what", least: 12));
        foreach (RouteShare share in Shares(status))
            table.Add(Number(share.Version), Share(share.Slots), Cell.Bar((double)share.Slots / ModelRoute.Whole), What(status, share.Version));
        foreach (int shadow in status.Route?.Shadows ?? [])
            table.Add(Number(shadow), "–", "", "shadow: scored and compared, never answers");
        table.Write(console);
        if (status.Route?.Canary is { } canary)
        {
            console.WriteLine();
            string steps = string.Join(" → ", canary.Steps.Select((step, i) => i == status.Step ? $"[{Share(step)}]" : Share(step)));
            string next = status.Held.Length > 0 ? "and stands still" : status.Left is { } left ? $"next in {DurationText.Of(left)}"
                : status.Step == canary.Steps.Length - 1 && canary.Steps.Length > 1 ? "the last" : "until another is set";
            TrainingText.Fact(console, "canary", $"version {Number(canary.Version)}, step {status.Step + 1} of {canary.Steps.Length}",
                $"{steps}{(canary.Every > TimeSpan.Zero ? $", {DurationText.Of(canary.Every)} each" : "")}, {next}");
            WriteGuards(console, status, canary);
        }

        foreach (Agreement agreement in agreements)
            WriteAgreement(console, status, agreement, names);
    }

    private static void WriteGuards(IAnsiConsole console, RouteStatus status, CanaryPlan canary)
    {
        if (canary.Guards is null && canary.Every > TimeSpan.Zero)
            Prose.Note(console, "no guards: the clock alone takes its steps");
        if (status.Guards.IsEmpty)
            return;
        foreach (GuardOutcome guard in status.Guards)
            Prose.Marked(console, guard.Passed ? "✓" : "✗", $"{guard.Guard}: {guard.Why}", guard.Passed ? Palette.Quiet : Palette.Warning);
        if (status.Held.Length > 0)
            Prose.Note(console, "it goes on when the guards pass: end it with 'route abort', or set it anew with other guards");
    }

    private static void WriteAgreement(IAnsiConsole console, RouteStatus status, Agreement agreement, ClusterNames names)
    {
        (long rows, long same) = Totals(agreement);
        console.WriteLine();
        TrainingText.Fact(console, "agreement", Percent(rows, same),
            $"of version {Number(agreement.Version)} with the champion, version {Number(status.Champion)}, on {Numbers.Of(rows, "row")}");
        if (agreement.Errors > 0)
            Prose.Note(console, $"{Numbers.Of(agreement.Errors, "row")} could not be answered by version {Number(agreement.Version)}");
        if (rows == 0)
            return;
        new Listing(Column.Number("cluster"), Column.Name("name", least: 20), Column.Number("rows"), Column.Number("same"), Column.Number("agreement"))
            .AddAll(
                agreement.Labels.OrderBy(label => (double)label.Same / label.Rows).ThenBy(label => label.Label).Take(MostClusters),
                label => [Number(label.Label), names.Of(label.Label), Numbers.Count(label.Rows), Numbers.Count(label.Same), Percent(label.Rows, label.Same)])
            .Write(console);
        if (agreement.Labels.Length > MostClusters)
            Prose.Note(console, $"the {MostClusters} that agree least of {agreement.Labels.Length}; --report json has them all");
    }

    private static void WriteJson(Utf8JsonWriter json, string model, RouteStatus status, ImmutableArray<Agreement> agreements, ClusterNames names)
    {
        json.WriteStartObject();
        json.WriteString("model", model);
        json.WriteNumber("champion", status.Champion);
        if (status.Route is { } route)
        {
            json.WriteNumber("route", route.Number);
            json.WriteString("since", route.Since);
            json.WriteString("by", route.By);
        }
        else
        {
            json.WriteNull("route");
        }

        json.WriteStartArray("shares");
        foreach (RouteShare share in Shares(status))
        {
            json.WriteStartObject();
            json.WriteNumber("version", share.Version);
            json.WriteNumber("share", share.Slots / (decimal)ModelRoute.Whole);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("shadows");
        foreach (int shadow in status.Route?.Shadows ?? [])
            json.WriteNumberValue(shadow);
        json.WriteEndArray();
        if (status.Route?.Canary is { } canary)
        {
            json.WriteStartObject("canary");
            json.WriteNumber("version", canary.Version);
            json.WriteNumber("step", status.Step + 1);
            json.WriteStartArray("steps");
            foreach (int step in canary.Steps)
                json.WriteNumberValue(step / (decimal)ModelRoute.Whole);
            json.WriteEndArray();
            json.WriteReal("every_seconds", canary.Every > TimeSpan.Zero ? canary.Every.TotalSeconds : double.NaN);
            json.WriteReal("next_in_seconds", status.Left?.TotalSeconds ?? double.NaN);
            json.WriteString("stands_still", status.Held.Length > 0 ? status.Held : null);
            json.WriteStartArray("guards");
            foreach (GuardOutcome guard in status.Guards)
            {
                json.WriteStartObject();
                json.WriteString("guard", guard.Guard);
                json.WriteBoolean("passed", guard.Passed);
                json.WriteReal("value", guard.Value ?? double.NaN);
                json.WriteReal("limit", guard.Limit);
                json.WriteString("why", guard.Why);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("canary");
        }

        json.WriteStartArray("agreement");
        foreach (Agreement agreement in agreements)
        {
            (long rows, long same) = Totals(agreement);
            json.WriteStartObject();
            json.WriteNumber("version", agreement.Version);
            json.WriteNumber("rows", rows);
            json.WriteNumber("same", same);
            json.WriteNumber("errors", agreement.Errors);
            json.WriteStartArray("clusters");
            foreach (LabelAgreement label in agreement.Labels)
            {
                json.WriteStartObject();
                json.WriteCluster(label.Label, names);
                json.WriteNumber("rows", label.Rows);
                json.WriteNumber("same", label.Same);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Versions that answer, and a candidate or champion that does not at this moment.</summary>
    private static IEnumerable<RouteShare> Shares(RouteStatus status) =>
        new[] { status.Champion, status.Route?.Canary?.Version ?? 0 }.Where(version => version > 0).Distinct()
            .Where(version => status.Shares.All(share => share.Version != version))
            .Select(version => new RouteShare { Version = version, Slots = 0 })
            .Concat(status.Shares).OrderBy(share => share.Version);

    private static string What(RouteStatus status, int version) =>
        version == status.Champion ? "champion" : version == status.Route?.Canary?.Version ? "canary" : "";

    private static (long Rows, long Same) Totals(Agreement agreement) => (agreement.Labels.Sum(label => label.Rows), agreement.Labels.Sum(label => label.Same));

    private static string Percent(long rows, long same) => rows == 0 ? "–" : (100.0 * same / rows).ToString("0.00", CultureInfo.InvariantCulture) + "%";

    private static string Number(int version) => version.ToString(CultureInfo.InvariantCulture);
}
