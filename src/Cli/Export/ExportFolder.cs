using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Output;
using OrleansCluster.Client;
using OrleansCluster.Contracts;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Models;
using OrleansCluster.Serving;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Export;

/// <summary>
/// A folder that a trained version is written to. Every file appears whole or not at all, <c>parameters.json</c> last. Rows of arrays are clusters in ascending
/// order of their stable ids, which are in <c>ids.npy</c>; labels are stable ids. What an earlier export left there goes first, so that the files of a folder
/// always fit together.
/// </summary>
internal sealed class ExportFolder
{
    private readonly string _path;

    private ExportFolder(string path) => _path = path;

    public string Parameters => Path.Combine(_path, "parameters.json");

    /// <summary>The stable id of each row of the other arrays, ascending.</summary>
    public string Ids => Path.Combine(_path, "ids.npy");

    public string Labels => Path.Combine(_path, "labels.npy");

    /// <summary>What the version is made of.</summary>
    private string Package => Path.Combine(_path, "model.package.json");

    /// <summary>What the rows that it was trained on look like under it.</summary>
    private string Profile => Path.Combine(_path, "model.profile.json");

    /// <summary>The folder, made where it is missing, so that what cannot work is known before the work; null when none is asked for.</summary>
    /// <exception cref="CommandException">It cannot be made or is a file.</exception>
    public static ExportFolder? Prepare(string? path)
    {
        if (path is null)
            return null;
        if (path.Length == 0)
            throw CommandException.Usage("The folder to export to has an empty name.");
        if (File.Exists(path))
            throw CommandException.Usage($"{path} is a file: name a folder to export to.");
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw CommandException.Failure($"The folder {path} cannot be made: {e.Message}", e);
        }

        return new ExportFolder(path);
    }

    /// <summary>Writes the version's parameters, and the label of every row that it was trained on.</summary>
    private async Task WriteAsync(IClusteringClient client, TrainingReport report, CancellationToken cancellation)
    {
        RemoveEarlier();
        using NpyWriter labels = NpyWriter.Create<int>(Labels, report.Rows);
        await foreach (Assignments shard in client.Models.AssignDatasetAsync(report.Model, report.Version, report.Dataset, report.DatasetVersion, cancellation)
            .ConfigureAwait(false))
            labels.WriteBytes(shard.Labels.Span);
        labels.Commit();
        await WriteRowsAsync(client, report, cancellation).ConfigureAwait(false);
    }
    /// <summary>
    /// As <see cref="WriteAsync(IClusteringClient, TrainingReport, CancellationToken)"/>, after a training: a failure says that the model is safe.
    /// </summary>
    public async Task WriteAsync(CommandContext context, IClusteringClient client, TrainingReport report)
    {
        try
        {
            await WriteAsync(client, report, context.Cancellation).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw CommandException.Failure($"{e.Message} {report.Model} version {report.Version} is published all the same; export it again with: "
                + $"{context.Suggest($"jobs resume {report.Job} --export DIR")}", e);
        }
    }

    /// <summary>Writes the version's parameters.</summary>
    /// <returns>The files.</returns>
    public Task<IReadOnlyList<string>> WriteParametersAsync(IClusteringClient client, TrainingReport report, CancellationToken cancellation)
    {
        RemoveEarlier();
        return WriteRowsAsync(client, report, cancellation);
    }

    private async Task<IReadOnlyList<string>> WriteRowsAsync(IClusteringClient client, TrainingReport report, CancellationToken cancellation)
    {
        ModelParameters stored = await client.Models.ParametersAsync(report.Model, report.Version, cancellation).ConfigureAwait(false)
            ?? throw CommandException.Failure($"The parameters of {report.Model} version {report.Version} are gone.");
        ModelParameters parameters = stored.ByLabel();
        (int k, int d) = (parameters.K, parameters.Columns.Length);
        var files = new List<string>();
        using (NpyWriter ids = NpyWriter.Create<int>(Ids, k))
        {
            ids.Write<int>(parameters.Labels.AsSpan());
            ids.Commit();
        }

        files.Add(Ids);
        WriteArray(ArrayFile(parameters.CentroidsName), parameters.Centroids, files, k, d);
        foreach (NamedArray array in parameters.Arrays)
            WriteArray(ArrayFile(array.Name), array.Values, files, array.Shape.AsSpan());
        if (await client.Models.PackageAsync(report.Model, report.Version, cancellation).ConfigureAwait(false) is { } package)
        {
            WriteJson(Package, package.Manifest, files);
            if (!package.Profile.IsEmpty)
                WriteJson(Profile, package.Profile, files);
        }

        AtomicFile.Write(Parameters, JsonReport.Encode(json => Write(json, report, parameters)));
        return [Parameters, .. files];
    }
    /// <summary>
    /// Removes what an earlier export wrote, its <c>parameters.json</c> first: labels of one version and centres of another are worse than none.
    /// </summary>
    private void RemoveEarlier()
    {
        if (!IsExport(Parameters))
            return;
        string[] arrays = ArraysOf(Parameters);
        foreach (string file in (string[])[Parameters, Labels, Ids, Package, Profile, .. arrays])
            File.Delete(file);
    }

    /// <summary>Whether a file is the description of an export, and not somebody's own of that name.</summary>
    private static bool IsExport(string path)
    {
        if (!File.Exists(path))
            return false;
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            JsonElement root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("digest", out _) && root.TryGetProperty("labels", out _);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The arrays that a description names. Those of earlier builds did not: they were of two families.</summary>
    private string[] ArraysOf(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        string[] names = document.RootElement.TryGetProperty("arrays", out JsonElement arrays) && arrays.ValueKind == JsonValueKind.Object
            ? [.. arrays.EnumerateObject().Select(array => array.Name)]
            : ["centroids", "weights", "means", "covariances"];
        return [.. names.Where(name => name.All(character => char.IsAsciiLetterOrDigit(character) || character == '_')).Select(ArrayFile)];
    }

    private string ArrayFile(string name) => Path.Combine(_path, name + ".npy");

    private static void WriteArray(string path, ReadOnlyMemory<byte> values, List<string> files, params ReadOnlySpan<int> shape)
    {
        using NpyWriter array = NpyWriter.Create<double>(path, shape);
        array.WriteBytes(values.Span);
        array.Commit();
        files.Add(path);
    }

    /// <summary>The same JSON, for people.</summary>
    private static void WriteJson(string path, ReadOnlyMemory<byte> content, List<string> files)
    {
        using var document = JsonDocument.Parse(content);
        AtomicFile.Write(path, JsonReport.Encode(document.WriteTo));
        files.Add(path);
    }

    private void Write(Utf8JsonWriter json, TrainingReport report, ModelParameters parameters)
    {
        json.WriteStartObject();
        json.WriteString("model", report.Model);
        json.WriteNumber("version", report.Version);
        json.WriteString("algorithm", report.Options.Family);
        json.WriteNumber("k", parameters.K);
        json.WriteStrings("columns", parameters.Columns);
        // The stable id of each row of the arrays, ascending: what labels say.
        json.WriteStartArray("labels");
        foreach (int label in parameters.Labels)
            json.WriteNumberValue(label);
        json.WriteEndArray();
        WriteArrays(json, parameters);
        WriteRows(json, parameters.CentroidsName, parameters.Columns, MemoryMarshal.Cast<byte, double>(parameters.Centroids.Span));
        if (!parameters.Originals.IsEmpty)
        {
            json.WriteStrings("original_columns", parameters.OriginalColumns);
            WriteRows(json, "originals", parameters.OriginalColumns, MemoryMarshal.Cast<byte, double>(parameters.Originals.Span));
        }

        foreach (NamedArray array in parameters.Arrays)
        {
            if (array.Inline)
                json.WriteReals(array.Name, MemoryMarshal.Cast<byte, double>(array.Values.Span).ToArray());
            else
                json.WriteString(array.Name, Path.GetFileName(ArrayFile(array.Name)));
        }

        foreach (Remark remark in parameters.Remarks)
            json.WriteString(remark.Name, remark.Text);
        foreach (Measure measure in parameters.Measures)
            json.WriteReal(measure.Name, measure.Value);
        json.WriteStartObject("dataset");
        json.WriteString("name", report.Dataset);
        json.WriteNumber("version", report.DatasetVersion);
        json.WriteNumber("rows", report.Rows);
        json.WriteEndObject();
        json.WriteNumber("seed", report.Options.Seed);
        json.WriteString("init", report.Options.Init);
        json.WriteReal("objective", report.Objective);
        json.WriteString("objective_name", report.ObjectiveName);
        json.WriteString("code", report.Code);
        json.WriteString("digest", parameters.Digest);
        json.WriteEndObject();
    }

    /// <summary>Which arrays there are, and their shapes.</summary>
    private static void WriteArrays(Utf8JsonWriter json, ModelParameters parameters)
    {
        json.WriteStartObject("arrays");
        WriteShape(parameters.CentroidsName, [parameters.K, parameters.Columns.Length]);
        foreach (NamedArray array in parameters.Arrays)
            WriteShape(array.Name, array.Shape);
        json.WriteEndObject();

        void WriteShape(string name, ImmutableArray<int> shape)
        {
            json.WriteStartArray(name);
            foreach (int length in shape)
                json.WriteNumberValue(length);
            json.WriteEndArray();
        }
    }

    private static void WriteRows(Utf8JsonWriter json, string name, ImmutableArray<string> columns, ReadOnlySpan<double> values)
    {
        json.WriteStartArray(name);
        for (int i = 0; i < values.Length; i += columns.Length)
        {
            json.WriteStartArray();
            foreach (double value in values.Slice(i, columns.Length))
                json.WriteRealValue(value);
            json.WriteEndArray();
        }

        json.WriteEndArray();
    }
}
