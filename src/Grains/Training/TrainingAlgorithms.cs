using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Training;

/// <summary>What the grains need of an algorithm: everything else about it is in the numerics.</summary>
public interface ITrainingAlgorithm
{
    /// <summary>The name that jobs and steps carry.</summary>
    string Name { get; }

    /// <summary>A run from its beginning.</summary>
    /// <exception cref="ClusteringException">The options are wrong, or do not fit the rows.</exception>
    ITrainer Create(TrainingRequest request, DatasetManifest manifest);

    /// <summary>A run that starts from the parameters of a version, with as many clusters as that has.</summary>
    /// <param name="request">What is asked for; how it says to start does not matter.</param>
    /// <param name="manifest">The rows.</param>
    /// <param name="parameters">Parameters of this algorithm, as they lie in the blob store.</param>
    /// <exception cref="ClusteringException">The options are wrong, or options or parameters do not fit the rows.</exception>
    ITrainer Continue(TrainingRequest request, DatasetManifest manifest, ReadOnlyMemory<byte> parameters);

    /// <summary>A run as it was saved.</summary>
    ITrainer Restore(ReadOnlyMemory<byte> saved);

    /// <summary>A short run like one that is asked for, from any start.</summary>
    /// <param name="request">What is asked for; its number of clusters and given starts do not matter.</param>
    /// <param name="k">Number of clusters.</param>
    /// <param name="columns">Number of columns of the rows.</param>
    ITrainer Rehearse(TrainingRequest request, int k, int columns);

    /// <summary>A worker over one shard.</summary>
    IShardWorker CreateWorker(RowBlock rows);

    /// <summary>What a run that is done has found.</summary>
    /// <param name="trainer">The run.</param>
    /// <param name="request">What was asked for.</param>
    TrainedModel Finish(ITrainer trainer, TrainingRequest request);
}

/// <summary>What a run has found.</summary>
public sealed record TrainedModel
{
    /// <summary>The parameters in their canonical encoding.</summary>
    public required ReadOnlyMemory<byte> Parameters { get; init; }

    /// <summary>SHA-256 of the canonical encoding, lower-case hex.</summary>
    public required string Digest { get; init; }

    public required int K { get; init; }

    /// <summary>The restart that was best, from 0.</summary>
    public required int Restart { get; init; }

    public required string Stop { get; init; }

    public required double Objective { get; init; }

    public required string ObjectiveName { get; init; }

    public required ImmutableArray<ClusterRecord> Clusters { get; init; }

    /// <summary>The numbers of clusters that were tried; empty when there was only one.</summary>
    public ImmutableArray<TrialRecord> Selection { get; init; } = [];

    /// <summary>What is told of mixtures alone; null for another algorithm.</summary>
    public MixtureRecord? Mixture { get; init; }
}

/// <summary>What algorithms share in reading what was asked for.</summary>
internal static class Asked
{
    /// <summary>Given rows as values.</summary>
    /// <param name="bytes">float64, little-endian.</param>
    /// <param name="what">What they are, for the message: <c>centroids</c>.</param>
    /// <exception cref="ClusteringException">The bytes are not whole values.</exception>
    public static ReadOnlyMemory<double> Decode(ReadOnlyMemory<byte> bytes, string what) => bytes.Length % sizeof(double) == 0
        ? MemoryMarshal.Cast<byte, double>(bytes.Span).ToArray()
        : throw new ClusteringException($"The initial {what} have {bytes.Length} bytes, which are not whole float64 values.");

    /// <summary>Refuses more clusters than there are rows.</summary>
    public static void CheckK(int k, DatasetManifest manifest)
    {
        if (k > manifest.Rows)
            throw new ClusteringException($"k is {k}, but the dataset has only {manifest.Rows} rows: ask for at most as many clusters as rows.");
    }

    /// <summary>The message without the parameter's name that the runtime appends.</summary>
    public static string PlainMessage(ArgumentException e)
    {
        int appended = e.ParamName is null ? -1 : e.Message.LastIndexOf($" (Parameter '{e.ParamName}')", StringComparison.Ordinal);
        return appended < 0 ? e.Message : e.Message[..appended];
    }
}

/// <summary>The algorithms of this build, by name.</summary>
public sealed class TrainingAlgorithms(IEnumerable<ITrainingAlgorithm> algorithms)
{
    private readonly ImmutableDictionary<string, ITrainingAlgorithm> _byName = algorithms.ToImmutableDictionary(algorithm => algorithm.Name, StringComparer.Ordinal);

    /// <exception cref="ClusteringException">There is none of that name.</exception>
    public ITrainingAlgorithm Find(string name) => _byName.TryGetValue(name, out ITrainingAlgorithm? algorithm)
        ? algorithm
        : throw new ClusteringException($"This program does not know the algorithm '{name}': use a newer one.");
}
