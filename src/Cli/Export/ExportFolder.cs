using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Output;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Models;
using OrleansCluster.Serving;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Export;

/// <summary>A folder that a trained version is written to. Every file appears whole or not at all, <c>parameters.json</c> last.</summary>
internal sealed class ExportFolder
{
    private readonly string _path;

    private ExportFolder(string path) => _path = path;

    public string Parameters => Path.Combine(_path, "parameters.json");

    public string Centroids => Path.Combine(_path, "centroids.npy");

    public string Labels => Path.Combine(_path, "labels.npy");

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
        using NpyWriter labels = NpyWriter.Create<int>(Labels, report.Rows);
        await foreach (Assignments shard in client.Models.AssignDatasetAsync(report.Model, report.Version, report.Dataset, report.DatasetVersion, cancellation).ConfigureAwait(false))
            labels.WriteBytes(shard.Labels.Span);
        labels.Commit();
        await WriteParametersAsync(client, report, cancellation).ConfigureAwait(false);
    }

    /// <summary>As <see cref="WriteAsync(IClusteringClient, TrainingReport, CancellationToken)"/>, after a training: a failure says that the model is safe.</summary>
    public async Task WriteAsync(CommandContext context, IClusteringClient client, TrainingReport report)
    {
        try
        {
            await WriteAsync(client, report, context.Cancellation).ConfigureAwait(false);
        }
        catch (IOException e)
        {
            throw CommandException.Failure($"{e.Message} {report.Model} version {report.Version} is published all the same; export it again with: {context.Suggest($"jobs resume {report.Job} --export DIR")}", e);
        }
    }

    /// <summary>Writes the version's parameters.</summary>
    public async Task WriteParametersAsync(IClusteringClient client, TrainingReport report, CancellationToken cancellation)
    {
        ModelParameters parameters = await client.Models.ParametersAsync(report.Model, report.Version, cancellation).ConfigureAwait(false)
            ?? throw CommandException.Failure($"The parameters of {report.Model} version {report.Version} are gone.");
        using NpyWriter centroids = NpyWriter.Create<double>(Centroids, parameters.K, parameters.Columns.Length);
        centroids.WriteBytes(parameters.Centroids.Span);
        centroids.Commit();
        AtomicFile.Write(Parameters, JsonReport.Encode(json => Write(json, report, parameters)));
    }

    private static void Write(Utf8JsonWriter json, TrainingReport report, ModelParameters parameters)
    {
        json.WriteStartObject();
        json.WriteString("model", report.Model);
        json.WriteNumber("version", report.Version);
        json.WriteString("algorithm", "kmeans");
        json.WriteNumber("k", parameters.K);
        json.WriteStrings("columns", parameters.Columns);
        WriteCentroids(json, parameters.Columns, MemoryMarshal.Cast<byte, double>(parameters.Centroids.Span));
        json.WriteStartObject("dataset");
        json.WriteString("name", report.Dataset);
        json.WriteNumber("version", report.DatasetVersion);
        json.WriteNumber("rows", report.Rows);
        json.WriteEndObject();
        json.WriteNumber("seed", report.KMeans.Seed);
        json.WriteString("init", report.KMeans.Init);
        json.WriteReal("objective", report.Objective);
        json.WriteString("objective_name", report.ObjectiveName);
        json.WriteString("code", report.Code);
        json.WriteString("digest", parameters.Digest);
        json.WriteEndObject();
    }

    private static void WriteCentroids(Utf8JsonWriter json, ImmutableArray<string> columns, ReadOnlySpan<double> values)
    {
        json.WriteStartArray("centroids");
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
