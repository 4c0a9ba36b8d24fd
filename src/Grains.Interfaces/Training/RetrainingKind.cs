namespace OrleansCluster.Training;

/// <summary>Whether a training is a retraining of its model, and where that starts.</summary>
public enum RetrainingKind
{
    /// <summary>No retraining: any number of such trainings may run at once.</summary>
    None,

    /// <summary>It starts from the parameters of the parent version.</summary>
    Warm,

    /// <summary>It starts as its options say.</summary>
    Fresh,
}
