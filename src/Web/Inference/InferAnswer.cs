using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using OrleansCluster.Datasets;
using OrleansCluster.Families;
using OrleansCluster.Serving;
using OrleansCluster.Web.Problems;
using OrleansCluster.Web.Rows;

namespace OrleansCluster.Web.Inference;

/// <summary>The outputs that models have.</summary>
internal static class OutputNames
{
    /// <summary>The stable id of the row's cluster.</summary>
    public const string Label = "label";

    /// <summary>The distance to its centre, not squared.</summary>
    public const string Distance = "distance";

    /// <summary>The version that answered the row; told when it is asked for.</summary>
    public const string Version = "version";

    /// <summary>ln p(x).</summary>
    public const string LogDensity = "log_density";

    /// <summary>How far that lies below the threshold of anomalies, in nats: 0 or more is an anomaly.</summary>
    public const string Score = "score";

    /// <summary>How much each cluster has of the row, in the order of the clusters' ids.</summary>
    public const string Responsibilities = "responsibilities";

    private static readonly ImmutableArray<string> Plain = [Label, Distance], OfDensities = [Label, Distance, LogDensity, Score, Responsibilities];

    /// <summary>The outputs of a version, in their order.</summary>
    public static ImmutableArray<string> Of(KnownVersion version) => version.Capabilities.Contains(CapabilityNames.Densities) ? OfDensities : Plain;

    /// <summary>Whether it takes a density.</summary>
    public static bool IsOfDensity(string name) => name is LogDensity or Score or Responsibilities;

    /// <summary>The type of its values.</summary>
    public static string TypeOf(string name) => name is Label or Version ? "INT32" : "FP64";
}

/// <summary>An input, as metadata tell it.</summary>
/// <param name="Name">Any will do for rows × columns; of a column it is the column's.</param>
/// <param name="Shape">Lengths of its dimensions; −1: any.</param>
internal sealed record InputTensor(string Name, string Datatype, ImmutableArray<long> Shape)
{
    /// <summary>The inputs of a model: rows × columns, or, where it prepares its rows, a tensor for each column.</summary>
    public static ImmutableArray<InputTensor> Of(AskedColumns inputs) => inputs.AreTyped
        ? [.. inputs.Names.Select((name, j) => new InputTensor(name, TensorType.Of(inputs.Types[j]), [-1]))]
        : [new InputTensor("rows", "FP64", [-1, inputs.Names.Length])];
}

/// <summary>An output.</summary>
/// <param name="Shape">Lengths of its dimensions.</param>
/// <param name="Values">int32 or float64, row-major, little-endian.</param>
internal sealed record OutputTensor(string Name, ImmutableArray<long> Shape, ReadOnlyMemory<byte> Values)
{
    public string Datatype => OutputNames.TypeOf(Name);
}

/// <summary>An answer in the Open Inference Protocol.</summary>
/// <param name="Version">The version that answered, or several with commas between.</param>
/// <param name="Clusters">Stable ids in the order of responsibilities.</param>
internal sealed record InferAnswer(string Model, string Version, ImmutableArray<OutputTensor> Outputs, ImmutableArray<int> Clusters)
{
    /// <summary>Asks a model.</summary>
    /// <param name="version">0: what the bare name means.</param>
    /// <exception cref="ProblemException">There is no such model or output, or the rows are not its.</exception>
    public static async Task<InferAnswer> AskAsync(ModelQuestions questions, string model, int version, InferRequest asked, CancellationToken cancellation)
    {
        AskedRows rows = asked.Rows(await questions.InputsAsync(model, version, cancellation).ConfigureAwait(false));
        Assignments assigned = await questions.AssignAsync(model, version, rows, cancellation).ConfigureAwait(false);
        int[] versions = assigned.RowVersions();
        int[] answering = assigned.Versions.IsEmpty ? [assigned.Version] : [.. versions.Distinct().Order()];
        KnownVersion facts = await questions.FactsAsync(model, answering[0], cancellation).ConfigureAwait(false);
        string[] wanted = [.. Wanted(model, facts, asked)];
        ScoredRows? scores = wanted.Any(OutputNames.IsOfDensity)
            ? await ScoredRows.AskAsync(questions, model, answering, versions, rows, facts, cancellation).ConfigureAwait(false)
            : null;
        return new InferAnswer(
            model,
            string.Join(',', answering.Select(one => one.ToString(CultureInfo.InvariantCulture))),
            [.. wanted.Select(name => Output(name, rows.Rows, assigned, versions, scores))],
            scores?.Clusters ?? facts.Clusters);
    }

    private static IEnumerable<string> Wanted(string model, KnownVersion facts, InferRequest asked)
    {
        ImmutableArray<string> all = OutputNames.Of(facts);
        if (asked.Outputs.IsEmpty)
            return all;
        foreach (WantedOutput output in asked.Outputs)
        {
            if (!all.Contains(output.Name) && output.Name != OutputNames.Version)
                throw ProblemException.Content(
                    $"Version {facts.Version} of the model '{model}' has no output '{output.Name}': it has {string.Join(", ", all)}, {OutputNames.Version}.");
        }

        return asked.Outputs.Select(output => output.Name).Distinct();
    }

    private static OutputTensor Output(string name, int rows, Assignments assigned, int[] versions, ScoredRows? scores) => name switch
    {
        OutputNames.Label => new(name, [rows], assigned.Labels),
        OutputNames.Distance => new(name, [rows], assigned.Distances),
        OutputNames.Version => new(name, [rows], MemoryMarshal.AsBytes(versions.AsSpan()).ToArray()),
        OutputNames.LogDensity => new(name, [rows], MemoryMarshal.AsBytes(scores!.LogDensities.AsSpan()).ToArray()),
        OutputNames.Score => new(name, [rows], MemoryMarshal.AsBytes(scores!.Scores.AsSpan()).ToArray()),
        _ => new(name, [rows, scores!.Clusters.Length], MemoryMarshal.AsBytes(scores.Responsibilities.AsSpan()).ToArray()),
    };
}
