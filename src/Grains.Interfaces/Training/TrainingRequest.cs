namespace OrleansCluster.Training;

/// <summary>A training job as asked for.</summary>
[GenerateSerializer, Immutable, Alias("oc.TrainingRequest")]
public sealed partial record TrainingRequest
{
    [Id(0)] public required string Dataset { get; init; }

    /// <summary>Which version; 0 is the newest.</summary>
    [Id(1)] public int DatasetVersion { get; init; }

    /// <summary>The model that the result is published to.</summary>
    [Id(2)] public required string Model { get; init; }

    // 3 and 4 were the options of the two families that there were.
    /// <summary>
    /// The model's version that the result's clusters are aligned with; 0: the champion where one is set when it is published, else the newest.
    /// </summary>
    [Id(5)] public int Parent { get; init; }

    /// <summary>Who asks, for the model's audit trail.</summary>
    [Id(6)] public string By { get; init; } = "";

    /// <summary>Whether it retrains the model, which only one job at a time may: from the parameters of <see cref="Parent"/>, or afresh.</summary>
    [Id(7)] public RetrainingKind Retraining { get; init; }

    /// <summary>What to train: the options of a family.</summary>
    [Id(8)] public ITrainingOptions? Options { get; init; }

    /// <summary>
    /// What is done to rows before the model sees them, as text: <c>impute=median,scale=standard</c>. It is fitted with the model's first version, and stays:
    /// a later training asks for the same. A retraining need not say it. Empty: nothing, but that columns which are no numbers are left out.
    /// </summary>
    [Id(9)] public string Preparation { get; init; } = "";

    /// <summary>Whether a version that passes the model's policy is tried before it becomes champion: it is made challenger instead.</summary>
    [Id(10)] public bool OnTrial { get; init; }

    /// <summary>
    /// Of a warm retraining: whether clusters of the parent that have become one on the new rows are merged before it begins, and those that have become two
    /// split.
    /// </summary>
    [Id(11)] public bool Adapts { get; init; }

    /// <summary>
    /// Of a retraining of a model with a threshold of anomalies: whether <see cref="Parent"/>'s stays. Else it is set anew by the share of the training rows
    /// that is to be flagged.
    /// </summary>
    [Id(12)] public bool KeepsThreshold { get; init; }

    /// <summary>The options.</summary>
    /// <exception cref="ClusteringException">There are none.</exception>
    public ITrainingOptions Asked() => Options ?? throw new ClusteringException("The request has options of no family: say what to train.");

    /// <summary>The same request that starts from other rows, or from none: those stay out of states and comparisons.</summary>
    public TrainingRequest WithStart(ReadOnlyMemory<byte> rows) => this with { Options = Options?.WithStart(rows) };
}
