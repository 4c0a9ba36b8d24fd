using OrleansCluster.Families.KMeans;

namespace OrleansCluster.Training;

/// <content>What builds wrote before a request had the options of any family. It is read and never written.</content>
public sealed partial record TrainingRequest
{
    [Id(3)]
    internal KMeansOptions? EarlierKMeans
    {
        get => null;
        set => Earlier.Take(this, nameof(Options), value);
    }
}
