namespace OrleansCluster.Numerics.Profiles;

/// <summary>How the values of some rows differ from those of the others, and what they are like. Sums run over the rows in the order given.</summary>
public static class Contrasts
{
    /// <summary>The greatest difference between both distribution functions: the statistic of Kolmogorov and Smirnov, 0 … 1; 0 where one is empty.</summary>
    /// <param name="values">Values of all rows.</param>
    /// <param name="order">Rows by their values, ascending.</param>
    /// <param name="labels">The cluster of every row.</param>
    /// <param name="cluster">The cluster whose rows are compared with the others.</param>
    public static double OfValues(ReadOnlySpan<double> values, ReadOnlySpan<int> order, ReadOnlySpan<int> labels, int cluster)
    {
        long inside = 0, a = 0, b = 0;
        foreach (int row in order)
            inside += labels[row] == cluster ? 1 : 0;
        long outside = order.Length - inside;
        if (inside == 0 || outside == 0)
            return 0;
        double most = 0;
        for (int i = 0; i < order.Length; i++)
        {
            if (labels[order[i]] == cluster)
                a++;
            else
                b++;
            // Between equal values nothing is told apart.
            if (i + 1 == order.Length || values[order[i + 1]] > values[order[i]])
                most = Math.Max(most, Math.Abs(((double)a / inside) - ((double)b / outside)));
        }

        return most;
    }

    /// <summary>Half of the summed differences of the shares, 0 … 1: the distance in variation; 0 where one is empty.</summary>
    /// <param name="here">Rows of each category inside.</param>
    /// <param name="there">Rows of each category outside.</param>
    public static double OfCategories(ReadOnlySpan<long> here, ReadOnlySpan<long> there)
    {
        (double inside, double outside, double apart) = (0, 0, 0);
        for (int i = 0; i < here.Length; i++)
            (inside, outside) = (inside + here[i], outside + there[i]);
        if (inside == 0 || outside == 0)
            return 0;
        for (int i = 0; i < here.Length; i++)
            apart += Math.Abs((here[i] / inside) - (there[i] / outside));
        return apart / 2;
    }

    /// <summary>Mean and deviation over n, in two passes.</summary>
    public static (double Mean, double Deviation) Moments(ReadOnlySpan<int> some, ReadOnlySpan<double> values)
    {
        double mean = 0, squares = 0;
        foreach (int row in some)
            mean += values[row] / some.Length;
        foreach (int row in some)
            squares += (values[row] - mean) * (values[row] - mean);
        return (mean, Math.Sqrt(squares / some.Length));
    }

    /// <summary>The quantile by nearest rank: the first value that so many of a hundred rows do not exceed.</summary>
    /// <param name="some">Rows by their values, ascending; at least one.</param>
    /// <param name="values">Values of all rows.</param>
    /// <param name="percent">1 … 100.</param>
    public static double Quantile(ReadOnlySpan<int> some, ReadOnlySpan<double> values, int percent) =>
        values[some[(int)((((long)percent * some.Length) + 99) / 100) - 1]];
}
