using OrleansCluster.Families.KMeans;

namespace OrleansCluster.Training;

/// <content>What builds wrote before a report had the options of any family. It is read and never written.</content>
public sealed partial record TrainingReport
{
    [Id(7)]
    internal KMeansOptions? EarlierKMeans
    {
        get => null;
        set => Earlier.Take(this, nameof(Options), value);
    }
}
