using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Contracts;
using OrleansCluster.Models;
using OrleansCluster.Serving;
using Spectre.Console;

namespace OrleansCluster.Cli.Output;

/// <summary>Gathers the answers to rows and tells them: each of a few, a summary of many.</summary>
/// <param name="version">The version that answers.</param>
/// <param name="idColumn">Name of the rows' id column, or null.</param>
/// <param name="keepsAll">Whether every answer is told.</param>
/// <param name="routed">Whether a route answers, so that each row's version is told.</param>
internal sealed class AssignmentResult(ModelVersion version, string? idColumn, bool keepsAll, bool routed)
{
    private const int MostShown = 20;
    private readonly SortedDictionary<int, long> _sizes = new(version.Training.Clusters.ToDictionary(cluster => cluster.Label, _ => 0L));
    private readonly List<string> _ids = [];
    private readonly List<int> _labels = [];
    private readonly List<double> _distances = [];
    private readonly List<int> _versions = [];
    private readonly SortedDictionary<int, long> _answered = [];
    private long _rows, _missing, _unknown;

    /// <summary>Rows answered so far.</summary>
    public long Rows => Volatile.Read(ref _rows);

    public void Add(ImmutableArray<string> ids, Assignments answer)
    {
        ReadOnlySpan<int> labels = MemoryMarshal.Cast<byte, int>(answer.Labels.Span);
        ReadOnlySpan<double> distances = MemoryMarshal.Cast<byte, double>(answer.Distances.Span);
        // Another version may have clusters that the first asked about has not.
        foreach (int label in labels)
            _sizes[label] = _sizes.GetValueOrDefault(label) + 1;
        int[] versions = answer.RowVersions();
        foreach ((int answering, int rows) in versions.CountBy(answering => answering))
            _answered[answering] = _answered.GetValueOrDefault(answering) + rows;
        int kept = keepsAll ? labels.Length : Math.Min(labels.Length, MostShown - _labels.Count);
        _labels.AddRange(labels[..kept]);
        _distances.AddRange(distances[..kept]);
        if (routed)
            _versions.AddRange(versions.AsSpan(0, kept));
        if (!ids.IsDefaultOrEmpty)
            _ids.AddRange(ids.AsSpan()[..kept]);
        (_missing, _unknown) = (_missing + answer.Missing, _unknown + answer.Unknown);
        Volatile.Write(ref _rows, _rows + labels.Length);
    }

    /// <summary>Tells the answers.</summary>
    /// <param name="path">The file they were written to, or null.</param>
    /// <param name="names">Names that people gave clusters.</param>
    public void Write(CommandContext context, string? path, ClusterNames names)
    {
        if (context.Json)
            WriteJson(path, names);
        else
            WriteText(context, path, names);
    }

    private void WriteJson(string? path, ClusterNames names) => JsonReport.Print(json =>
    {
        json.WriteStartObject();
        json.WriteString("model", version.Name);
        if (_answered.Count > 1)
            json.WriteNull("version");
        else
            json.WriteNumber("version", _answered.Keys.FirstOrDefault(version.Version));
        json.WriteStartArray("versions");
        foreach ((int answering, long rows) in _answered)
        {
            json.WriteStartObject();
            json.WriteNumber("version", answering);
            json.WriteNumber("rows", rows);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("rows", _rows);
        json.WriteStartArray("clusters");
        foreach (int label in _sizes.Keys)
            json.WriteNumberValue(label);
        json.WriteEndArray();
        if (_sizes.Keys.Any(cluster => names.Of(cluster).Length > 0))
            json.WriteStrings("names", _sizes.Keys.Select(names.Of));
        json.WriteStartArray("sizes");
        foreach (long size in _sizes.Values)
            json.WriteNumberValue(size);
        json.WriteEndArray();
        if (!version.Training.Inputs.IsDefaultOrEmpty)
        {
            json.WriteNumber("missing_values", _missing);
            json.WriteNumber("unknown_categories", _unknown);
        }

        json.WriteString("out", path);
        if (keepsAll)
        {
            if (idColumn is not null)
                WriteAll(json, "ids", _ids, json.WriteStringValue);
            WriteAll(json, "labels", _labels, json.WriteNumberValue);
            WriteAll(json, "distances", _distances, json.WriteRealValue);
            if (routed)
                WriteAll(json, "row_versions", _versions, json.WriteNumberValue);
        }

        json.WriteEndObject();
    });

    private static void WriteAll<T>(Utf8JsonWriter json, string name, List<T> values, Action<T> write)
    {
        json.WriteStartArray(name);
        foreach (T value in values)
        {
            write(value);
            json.Relieve();
        }

        json.WriteEndArray();
    }

    private void WriteText(CommandContext context, string? path, ClusterNames names)
    {
        IAnsiConsole console = context.Terminal.Out;
        console.WriteLine();
        TrainingText.Heading(console, $"{version.Name} {Answered()}",
            $"{Numbers.Of(_rows, "row")} assigned to {Numbers.Of(_sizes.Values.Count(size => size > 0), "cluster")}");
        console.WriteLine();
        WriteRows(context, names);
        if (_rows > _labels.Count)
            Prose.Note(console,
                $"the first {Numbers.Of(_labels.Count, "row")} of {Numbers.Count(_rows)}{(path is null ? "; --out FILE.csv writes them all" : "")}");
        NoteLacks(console, _missing, _unknown);
        if (path is not null)
            console.Write(new Prose(2, ($"  written to {path}", Style.Plain)));
    }

    /// <summary>Says what rows lacked for a model that prepares them.</summary>
    /// <param name="console">Where to.</param>
    /// <param name="missing">Values that were missing and filled in.</param>
    /// <param name="unknown">Values of categories that the training rows had not.</param>
    public static void NoteLacks(IAnsiConsole console, long missing, long unknown)
    {
        if (missing > 0)
            Prose.Note(console, $"{Numbers.Of(missing, "missing value")} filled in as the model's preparation does");
        if (unknown > 0)
            Prose.Note(console, $"{Numbers.Count(unknown)} {(unknown == 1 ? "category" : "categories")} that the training rows had not");
    }

    /// <summary>"version 3", or "versions 3 (95 rows), 4 (5 rows)".</summary>
    private string Answered() => _answered.Count > 1
        ? $"versions {string.Join(", ", _answered.Select(pair => $"{pair.Key.ToString(CultureInfo.InvariantCulture)} ({Numbers.Of(pair.Value, "row")})"))}"
        : $"version {_answered.Keys.FirstOrDefault(version.Version).ToString(CultureInfo.InvariantCulture)}";

    private void WriteRows(CommandContext context, ClusterNames names)
    {
        var table = new Listing(
            idColumn is null ? Column.Number("row") : Column.Name(idColumn),
            Column.Number("cluster"),
            Column.Name("name", least: 20),
            Column.Number("distance"),
            Column.Number("version"));
        string[] distances = Numbers.Aligned(_distances);
        for (int i = 0; i < _labels.Count; i++)
        {
            table.Add(
                idColumn is null ? i.ToString(CultureInfo.InvariantCulture) : _ids[i],
                ClusterTable.Id(_labels[i], context.Terminal.IsColoured),
                names.Of(_labels[i]),
                distances[i],
                routed ? _versions[i].ToString(CultureInfo.InvariantCulture) : "");
        }

        table.Write(context.Terminal.Out);
    }
}
