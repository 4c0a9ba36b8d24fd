using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Contracts;
using OrleansCluster.Families;
using OrleansCluster.Models;
using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>Gathers the scores of rows and tells them: each when asked for, else the most anomalous.</summary>
/// <param name="version">The version that answers.</param>
/// <param name="idColumn">Name of the rows' id column, or null.</param>
/// <param name="names">Names that people gave clusters.</param>
/// <param name="tellsAll">Whether every answer is told, as JSON.</param>
internal sealed class ScoreResult(ModelVersion version, string? idColumn, ClusterNames names, bool tellsAll) : IDisposable
{
    private const int MostShown = 12;
    private readonly JsonSpool? _all = tellsAll ? new JsonSpool() : null;
    private readonly List<Row> _kept = [];
    private long _rows;
    private long _anomalies;
    private double _total;
    private long _missing, _unknown;

    /// <summary>Rows answered so far.</summary>
    public long Rows => Volatile.Read(ref _rows);

    /// <summary>Rows at or below the threshold so far.</summary>
    public long Anomalies => _anomalies;

    public void Add(ImmutableArray<string> ids, ScoredRows scored)
    {
        for (int i = 0; i < scored.Rows; i++)
        {
            bool anomaly = scored.IsAnomaly(i);
            double density = scored.LogDensities[i];
            _anomalies += anomaly ? 1 : 0;
            _total += density;
            // Of many rows few are told: among equals those that came first.
            if (_all is null && _kept.Count == MostShown && density >= _kept[^1].LogDensity)
                continue;
            long number = _rows + i;
            string id = ids.IsDefaultOrEmpty ? number.ToString(CultureInfo.InvariantCulture) : ids[i];
            var row = new Row(
                number, id, density, scored.Score(i), anomaly,
                scored.Components[(i * scored.Top)..((i + 1) * scored.Top)], scored.Responsibilities[(i * scored.Top)..((i + 1) * scored.Top)]);
            if (_all is null)
                Keep(row);
            else
                _all.Add(json => WriteJson(json, row));
        }

        (_missing, _unknown) = (_missing + scored.Missing, _unknown + scored.Unknown);
        Volatile.Write(ref _rows, _rows + scored.Rows);
    }

    /// <summary>Tells the answers.</summary>
    /// <param name="path">The file they were written to, or null.</param>
    public void Write(CommandContext context, string? path)
    {
        if (context.Json)
            JsonReport.Print(json => WriteJson(json, path));
        else
            WriteText(context, path);
    }

    public void Dispose() => _all?.Dispose();

    private void Keep(Row row)
    {
        int at = _kept.FindIndex(other => other.LogDensity > row.LogDensity);
        _kept.Insert(at < 0 ? _kept.Count : at, row);
        if (_kept.Count > MostShown)
            _kept.RemoveAt(MostShown);
    }

    private void WriteJson(Utf8JsonWriter json, string? path)
    {
        json.WriteStartObject();
        json.WriteString("model", version.Name);
        json.WriteNumber("version", version.Version);
        json.WriteNumber("rows", _rows);
        json.WriteReal("mean_log_likelihood", _total / _rows);
        json.WriteReal("threshold", version.Training.Measured(MeasureNames.Threshold) ?? double.NaN);
        json.WriteNumber("anomalies", _anomalies);
        if (!version.Training.Inputs.IsDefaultOrEmpty)
        {
            json.WriteNumber("missing_values", _missing);
            json.WriteNumber("unknown_categories", _unknown);
        }

        json.WriteString("out", path);
        json.WriteStartArray(_all is null ? "least_probable" : "scores");
        _all?.CopyTo(json);
        foreach (Row row in _kept)
            WriteJson(json, row);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteJson(Utf8JsonWriter json, Row row)
    {
        json.WriteStartObject();
        json.WriteNumber("row", row.Number);
        if (idColumn is not null)
            json.WriteString("id", row.Id);
        json.WriteReal("log_density", row.LogDensity);
        json.WriteReal("score", row.Score);
        json.WriteBoolean("anomaly", row.IsAnomaly);
        json.WriteCluster(row.Components[0], names);
        json.WriteStartArray("responsibilities");
        foreach ((int component, double share) in row.Components.Zip(row.Shares).Where(pair => pair.First >= 0))
        {
            json.WriteStartObject();
            json.WriteNumber("component", component);
            json.WriteReal("value", share);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteText(CommandContext context, string? path)
    {
        IAnsiConsole console = context.Terminal.Out;
        console.WriteLine();
        TrainingText.Heading(
            console, $"{version.Name} version {version.Version}", $"{Numbers.Of(_anomalies, "row")} of {Numbers.Count(_rows)} flagged, at ln p(x) ≤ "
                + $"{Numbers.Real(version.Training.Measured(MeasureNames.Threshold) ?? double.NaN)}");
        console.WriteLine();
        var table = new Listing(
            idColumn is null ? Column.Number("row")
                : Column.Name(idColumn), Column.Number("ln p(x)"), Column.Number("score"), Column.Word(""), Column.Prose("responsibilities"));
        string[] densities = Numbers.Aligned([.. _kept.Select(row => row.LogDensity)]), scores = Numbers.Aligned([.. _kept.Select(row => row.Score)]);
        for (int i = 0; i < _kept.Count; i++)
        {
            Row row = _kept[i];
            var shares = row.Components.Zip(row.Shares).Where(pair => pair.First >= 0)
                .Select(pair => $"{names.IdOf(pair.First)}: {Numbers.Share(100 * pair.Second)}");
            table.Add(row.Id, densities[i], scores[i], new Cell(row.IsAnomaly ? "anomaly" : "", Palette.Warning), string.Join(", ", shares));
        }

        table.Write(console);
        if (_rows > _kept.Count)
            Prose.Note(console,
                $"the {Numbers.Of(_kept.Count, "least probable row")} of {Numbers.Count(_rows)}{(path is null ? "; --out FILE.csv writes them all" : "")}");
        AssignmentResult.NoteLacks(console, _missing, _unknown);
        if (path is not null)
            console.Write(new Prose(2, ($"  written to {path}", Style.Plain)));
    }

    private sealed record Row(long Number, string Id, double LogDensity, double Score, bool IsAnomaly, int[] Components, double[] Shares);
}
