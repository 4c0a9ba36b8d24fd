namespace OrleansCluster.Training;

/// <summary>How far a job's restarts have come. Those of several numbers of clusters are numbered on, and only those of one number compare.</summary>
internal static class BestSoFar
{
    /// <summary>The number of clusters that a restart is of; 0: of the one that has been chosen, which is trained again on all rows.</summary>
    public static int CurrentK(ITrainingOptions options, int restart)
    {
        if (options.LargestK == 0)
            return options.K;
        int place = restart / options.Restarts;
        return place >= options.Count() ? 0 : options.Listed() is { } numbers ? numbers[place] : options.K + place;
    }

    /// <summary>
    /// The best objective of the restarts that have ended and are of the same number of clusters as <paramref name="restart"/>; NaN: none has.
    /// </summary>
    /// <param name="ended">Restarts that have ended.</param>
    /// <param name="options">Of the job.</param>
    /// <param name="lessIsBetter">Of objectives.</param>
    /// <param name="restart">The one under way.</param>
    public static double Of(IEnumerable<RestartRecord> ended, ITrainingOptions options, bool lessIsBetter, int restart)
    {
        double best = double.NaN;
        foreach (RestartRecord one in ended)
        {
            // A restart that failed has no objective.
            bool better = double.IsNaN(best) || (lessIsBetter ? one.Objective < best : one.Objective > best);
            if (better && CurrentK(options, one.Restart) == CurrentK(options, restart))
                best = one.Objective;
        }

        return best;
    }
}
