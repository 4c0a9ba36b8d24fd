namespace OrleansCluster.Training;

/// <summary>How far a job's restarts have come. Those of several numbers of clusters are numbered on, and only those of one number compare.</summary>
internal static class BestSoFar
{
    /// <summary>The number of clusters that a restart is of; 0: of the one that has been chosen, which is trained again on all rows.</summary>
    public static int CurrentK(ITrainingOptions options, int restart)
    {
        if (options.LargestK == 0)
            return options.K;
        int k = options.K + (restart / options.Restarts);
        return k > options.LargestK ? 0 : k;
    }

    /// <summary>The best objective of the restarts that have ended and are of the same number of clusters as <paramref name="restart"/>; NaN: none has.</summary>
    public static double Of(IEnumerable<RestartRecord> ended, TrainingRequest request, int restart)
    {
        ITrainingOptions options = request.Options();
        double best = double.NaN;
        foreach (RestartRecord one in ended)
        {
            bool better = double.IsNaN(best) || (request.Mixture is null ? one.Objective < best : one.Objective > best);
            if (better && CurrentK(options, one.Restart) == CurrentK(options, restart))
                best = one.Objective;
        }

        return best;
    }
}
