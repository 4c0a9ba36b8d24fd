namespace OrleansCluster.Numerics.Mixtures.Components;

/// <summary>The parameters of greatest likelihood given the moments, and what was wrong with them.</summary>
/// <param name="Parameters">Of all components; one that lost its rows has the data's column variances.</param>
/// <param name="FloorHits">In how many directions each component's covariance was lifted to the floor.</param>
/// <param name="Collapsed">Components that lost their rows, or whose rows are one point, ascending.</param>
/// <param name="Lost">Those that lost their rows.</param>
internal sealed record Maximized(MixtureParameters Parameters, int[] FloorHits, int[] Collapsed, int[] Lost);

/// <summary>The M-step: weights, means and covariances from moments.</summary>
/// <param name="origins">What was subtracted from each column.</param>
/// <param name="variances">The data's column variances.</param>
/// <param name="regularization">Least variance in any direction, relative to the data's.</param>
internal sealed class Maximization(double[] origins, double[] variances, double regularization)
{
    /// <summary>A component lighter than this share of an average row has lost its rows.</summary>
    private const double LeastWeight = 1e-6;

    /// <summary>
    /// A component whose variance in every column is below this share of the data's sits on one point: 2^−40, a millionth of the standard deviation.
    /// </summary>
    private const double Point = 1.0 / (1L << 40);

    private readonly CovarianceFloor _floor = new(variances, regularization);

    public Maximized Maximize(ComponentMoments moments)
    {
        int k = moments.K;
        int d = moments.Columns;
        double total = 0;
        foreach (double weight in moments.Weights)
            total += weight;
        double least = LeastWeight * total / moments.Rows;
        var weights = new double[k];
        var covariances = new double[moments.Form.CovarianceLength(k, d)];
        var hits = new int[k];
        var collapsed = new List<int>();
        var without = new List<int>();
        if (moments.Form == CovarianceForm.Tied)
        {
            for (int i = 0; i < covariances.Length; i++)
                covariances[i] = moments.Seconds[i] / total;
            Array.Fill(hits, _floor.Apply(CovarianceForm.Tied, covariances));
        }

        for (int c = 0; c < k; c++)
        {
            weights[c] = moments.Weights[c] / total;
            bool lost = moments.Weights[c] < least;
            bool point = false;
            if (moments.Form != CovarianceForm.Tied)
            {
                int length = covariances.Length / k;
                Span<double> covariance = covariances.AsSpan(c * length, length);
                if (lost)
                    Global(moments.Form, covariance);
                else
                    hits[c] = Covariance(moments, c, covariance, out point);
            }

            if (lost || point)
                collapsed.Add(c);
            if (lost)
                without.Add(c);
        }

        var parameters = new MixtureParameters(moments.Form, origins, weights, (double[])moments.Means.Clone(), covariances);
        return new Maximized(parameters, hits, [.. collapsed], [.. without]);
    }

    /// <summary>Equal weights, given means and the data's column variances; spherical: their mean.</summary>
    /// <param name="form">Form of the covariances.</param>
    /// <param name="means">k × d, as they are.</param>
    public MixtureParameters FromMeans(CovarianceForm form, ReadOnlySpan<double> means)
    {
        int d = origins.Length;
        int k = means.Length / d;
        var weights = new double[k];
        var centred = new double[means.Length];
        var covariances = new double[form.CovarianceLength(k, d)];
        int length = (int)form.CovarianceLength(1, d);
        for (int i = 0; i < covariances.Length; i += length)
            Global(form, covariances.AsSpan(i, length));
        Array.Fill(weights, 1.0 / k);
        for (int i = 0; i < means.Length; i++)
            centred[i] = means[i] - origins[i % d];
        return new MixtureParameters(form, origins, weights, centred, covariances);
    }

    /// <summary>The mixture as it is, about the origins of these rows.</summary>
    public MixtureParameters From(MixtureParameters given)
    {
        double[] means = given.Means.ToArray();
        for (int i = 0; i < means.Length; i++)
        {
            int j = i % origins.Length;
            // Equal origins, as after a training on the same rows, leave every bit as it was.
            if (given.Origins[j] != origins[j])
                means[i] = means[i] + given.Origins[j] - origins[j];
        }

        return new MixtureParameters(given.Form, origins, given.Weights.ToArray(), means, given.Covariances.ToArray());
    }

    /// <summary>The mixture with some components begun anew at given rows, at the weight of one of k and with the data's column variances.</summary>
    /// <param name="parameters">The mixture.</param>
    /// <param name="components">Which begin anew, ascending.</param>
    /// <param name="rows">Their new means, as they are.</param>
    public MixtureParameters Reseed(MixtureParameters parameters, int[] components, IReadOnlyList<double[]> rows)
    {
        int k = parameters.K;
        int d = parameters.Columns;
        double[] weights = parameters.Weights.ToArray();
        double[] means = parameters.Means.ToArray();
        double[] covariances = parameters.Covariances.ToArray();
        double kept = 0;
        for (int c = 0; c < k; c++)
            kept += Array.IndexOf(components, c) < 0 ? weights[c] : 0;
        double left = (double)(k - components.Length) / k;
        for (int c = 0; c < k; c++)
            weights[c] *= left / kept;
        int length = (int)parameters.Form.CovarianceLength(1, d);
        for (int i = 0; i < components.Length; i++)
        {
            int c = components[i];
            weights[c] = 1.0 / k;
            for (int j = 0; j < d; j++)
                means[(c * d) + j] = rows[i][j] - origins[j];
            if (parameters.Form != CovarianceForm.Tied)
                Global(parameters.Form, covariances.AsSpan(c * length, length));
        }

        return new MixtureParameters(parameters.Form, origins, weights, means, covariances);
    }

    /// <summary>The mixture without some components; the weights of the others add up to 1 again.</summary>
    /// <param name="parameters">The mixture.</param>
    /// <param name="components">Which go, ascending, not all.</param>
    public MixtureParameters Without(MixtureParameters parameters, int[] components)
    {
        int[] kept = [.. Enumerable.Range(0, parameters.K).Except(components)];
        double[] weights = [.. kept.Select(c => parameters.Weights[c])];
        double total = 0;
        foreach (double weight in weights)
            total += weight;
        for (int i = 0; i < weights.Length; i++)
            weights[i] /= total;
        double[] means = [.. kept.SelectMany(c => parameters.Mean(c).ToArray())];
        double[] covariances = parameters.Form == CovarianceForm.Tied
            ? parameters.Covariances.ToArray()
            : [.. kept.SelectMany(c => parameters.Covariance(c).ToArray())];
        return new MixtureParameters(parameters.Form, origins, weights, means, covariances);
    }

    /// <summary>A covariance of its own: moments / weight, lifted to the floor.</summary>
    /// <param name="moments">Of all components.</param>
    /// <param name="c">The component.</param>
    /// <param name="covariance">Receives it.</param>
    /// <param name="point">Whether it is a point, or, without a floor, no positive definite matrix.</param>
    private int Covariance(ComponentMoments moments, int c, Span<double> covariance, out bool point)
    {
        int d = moments.Columns;
        int length = moments.Seconds.Length / moments.K;
        ReadOnlySpan<double> seconds = moments.Seconds.AsSpan(c * length, length);
        if (moments.Form == CovarianceForm.Spherical)
        {
            double sum = 0;
            foreach (double second in seconds)
                sum += second;
            covariance[0] = sum / moments.Weights[c] / d;
        }
        else
        {
            for (int i = 0; i < length; i++)
                covariance[i] = seconds[i] / moments.Weights[c];
        }

        point = IsPoint(moments.Form, covariance) || (regularization == 0 && !PositiveDefinite(moments.Form, covariance, d));
        int hits = _floor.Apply(moments.Form, covariance);
        return hits;
    }

    /// <summary>Whether variances are next to nothing in every column.</summary>
    private bool IsPoint(CovarianceForm form, ReadOnlySpan<double> covariance)
    {
        if (form == CovarianceForm.Spherical)
            return covariance[0] <= Point * MeanVariance();
        for (int j = 0; j < variances.Length; j++)
        {
            if (covariance[form == CovarianceForm.Full ? Symmetric.Index(j, j) : j] > Point * variances[j])
                return false;
        }

        return true;
    }

    private static bool PositiveDefinite(CovarianceForm form, ReadOnlySpan<double> covariance, int d)
        => form == CovarianceForm.Full
            ? Symmetric.TryFactor(covariance, new double[covariance.Length], d)
            : covariance.IndexOfAnyExceptInRange(double.Epsilon, double.MaxValue) < 0;

    /// <summary>The data's column variances as a covariance of a form.</summary>
    private void Global(CovarianceForm form, Span<double> covariance)
    {
        covariance.Clear();
        for (int j = 0; j < variances.Length; j++)
        {
            if (form is CovarianceForm.Full or CovarianceForm.Tied)
                covariance[Symmetric.Index(j, j)] = variances[j];
            else if (form == CovarianceForm.Diagonal)
                covariance[j] = variances[j];
        }

        if (form == CovarianceForm.Spherical)
            covariance[0] = MeanVariance();
    }

    private double MeanVariance()
    {
        double sum = 0;
        foreach (double variance in variances)
            sum += variance;
        return sum / variances.Length;
    }
}
