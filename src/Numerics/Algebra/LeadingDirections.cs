namespace OrleansCluster.Numerics.Algebra;

/// <summary>
/// The two directions in which weighted points lie farthest from 0: the leading eigenvectors of Σ wᵢ xᵢ xᵢᵀ, by power iteration, which takes O(n·d) a round and
/// no d × d matrix. Good enough to draw by: directions of nearly equal eigenvalues may be mixed.
/// </summary>
public static class LeadingDirections
{
    private const int Rounds = 60;

    /// <summary>Both directions, of length 1, at right angles; their greatest parts are positive.</summary>
    /// <param name="points">n × d, row-major.</param>
    /// <param name="weights">n weights, at least 0.</param>
    /// <param name="order">The columns, by how much there is to expect of each: where the search begins.</param>
    public static (double[] First, double[] Second) Find(ReadOnlySpan<double> points, ReadOnlySpan<double> weights, ReadOnlySpan<int> order)
    {
        double[] first = Iterate(points, weights, order, []);
        return (first, Iterate(points, weights, order, first));
    }

    private static double[] Iterate(ReadOnlySpan<double> points, ReadOnlySpan<double> weights, ReadOnlySpan<int> order, double[] beside)
    {
        int d = order.Length;
        double[] direction = new double[d];
        for (int place = 0; place < d; place++)
            direction[order[place]] = 1.0 / (1 + place + (beside.Length == 0 ? 0 : place % 3));
        for (int round = 0; round < Rounds; round++)
        {
            Clear(direction, beside);
            double[] next = new double[d];
            for (int i = 0; i < weights.Length; i++)
            {
                ReadOnlySpan<double> point = points.Slice(i * d, d);
                double along = weights[i] * Product(point, direction);
                for (int j = 0; j < d; j++)
                    next[j] += along * point[j];
            }

            Clear(next, beside);
            double length = Math.Sqrt(Product(next, next));
            if (!(length > 0))
                break;
            for (int j = 0; j < d; j++)
                direction[j] = next[j] / length;
        }

        // Either end could be the right one: the greatest part points there.
        return direction.MaxBy(Math.Abs) < 0 ? Array.ConvertAll(direction, value => -value) : direction;
    }

    /// <summary>Takes away what of a direction goes along another.</summary>
    private static void Clear(double[] direction, double[] beside)
    {
        if (beside.Length == 0)
            return;
        double along = Product(direction, beside);
        for (int j = 0; j < direction.Length; j++)
            direction[j] -= along * beside[j];
    }

    private static double Product(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
            sum += a[j] * b[j];
        return sum;
    }
}
