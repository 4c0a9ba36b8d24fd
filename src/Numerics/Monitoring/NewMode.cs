namespace OrleansCluster.Numerics.Monitoring;

/// <summary>Rows that are far from every cluster and dense among themselves: a cluster that the model has not.</summary>
/// <param name="Rows">About how many rows it has: its part of the sample, of all far rows.</param>
/// <param name="Share">Of all rows.</param>
/// <param name="Centre">Mean of its rows in the sample, as the model sees rows.</param>
public sealed record NewMode(long Rows, double Share, double[] Centre)
{
    /// <summary>Fewer rows in the sample are no mode.</summary>
    private const int LeastRows = 20;

    /// <summary>Far rows must be this many times as frequent as among the training rows.</summary>
    private const double LeastTimes = 3;

    /// <summary>Part of the far rows that one mode must have. Tails that have become wider surround clusters, and are nowhere as dense.</summary>
    private const double LeastPart = 0.2;

    /// <summary>Radii that half of the mode must lie beyond where rows begin to be far: of a column or two, tails are dense where they begin.</summary>
    private const double LeastGap = 2;

    /// <summary>Looks for one: the far row with the most others within √2 radii, which is how far apart two rows of one cluster usually are.</summary>
    /// <param name="far">The far rows.</param>
    /// <param name="rows">All rows.</param>
    /// <param name="expected">Share of far rows in the reference.</param>
    /// <param name="radius">How far a row of the reference usually is from the centre of its cluster.</param>
    /// <param name="beyond">How far hardly any of them is.</param>
    /// <param name="rules">What is drift.</param>
    /// <param name="tests">How many comparisons the report makes.</param>
    /// <returns>The mode; null: there is none.</returns>
    public static NewMode? Find(FarRows far, long rows, double expected, double radius, double beyond, DriftRules rules, int tests)
    {
        ArgumentNullException.ThrowIfNull(far);
        ArgumentNullException.ThrowIfNull(rules);
        IReadOnlyList<(double Distance, float[] Row)> sample = far.Sample;
        if (rows == 0 || sample.Count < LeastRows || far.Count < LeastTimes * expected * rows)
            return null;
        // One degree of freedom: far or not, against the share that is known.
        double apart = far.Count - (expected * rows);
        if (expected > 0 && Tails.ChiSquare(apart * apart / (expected * (1 - expected) * rows), 1) * tests >= rules.Alpha)
            return null;
        int[] members = [];
        for (int i = 0; i < sample.Count; i++)
        {
            int[] near = [.. Enumerable.Range(0, sample.Count).Where(j => SquaredDistance(sample[i].Row, sample[j].Row) <= 2 * radius * radius)];
            if (near.Length > members.Length)
                members = near;
        }

        if (members.Length < LeastRows || members.Length < LeastPart * sample.Count)
            return null;
        if (members.Select(i => sample[i].Distance).Order().ElementAt(members.Length / 2) < beyond + (LeastGap * radius))
            return null;
        double part = (double)members.Length / sample.Count;
        double[] centre = [.. Enumerable.Range(0, sample[0].Row.Length).Select(j => members.Average(i => (double)sample[i].Row[j]))];
        return new NewMode((long)Math.Round(part * far.Count), part * far.Count / rows, centre);
    }

    private static double SquaredDistance(float[] one, float[] other)
    {
        double sum = 0;
        for (int j = 0; j < one.Length; j++)
            sum += ((double)one[j] - other[j]) * ((double)one[j] - other[j]);
        return sum;
    }
}
