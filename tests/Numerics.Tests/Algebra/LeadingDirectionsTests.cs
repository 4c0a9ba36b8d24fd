using OrleansCluster.Numerics.Algebra;

namespace OrleansCluster.Numerics.Tests.Algebra;

/// <summary>Directions to draw by.</summary>
public sealed class LeadingDirectionsTests
{
    [Fact]
    public void They_are_the_leading_eigenvectors_of_the_weighted_second_moments()
    {
        const int n = 40, d = 5;
        var random = new Random(3);
        double[] points = [.. Enumerable.Range(0, n * d).Select(i => (random.NextDouble() - 0.5) * Math.Pow(3, d - (i % d)))];
        double[] weights = [.. Enumerable.Range(0, n).Select(_ => random.NextDouble())];
        (double[] first, double[] second) = LeadingDirections.Find(points, weights, [0, 1, 2, 3, 4]);

        var moments = new double[d * d];
        for (int i = 0; i < n; i++)
        {
            for (int a = 0; a < d; a++)
            {
                for (int b = 0; b < d; b++)
                    moments[(a * d) + b] += weights[i] * points[(i * d) + a] * points[(i * d) + b];
            }
        }

        SymmetricEigen eigen = SymmetricEigen.Decompose(moments, d);
        int[] order = [.. Enumerable.Range(0, d).OrderByDescending(j => eigen.Values[j])];
        foreach ((double[] found, int place) in new[] { (first, order[0]), (second, order[1]) })
        {
            double along = 0;
            for (int j = 0; j < d; j++)
                along += found[j] * eigen.Vectors[(j * d) + place];
            Math.Abs(along).ShouldBe(1, 1e-9);
            found.MaxBy(Math.Abs).ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public void Points_at_0_leave_where_the_search_began() =>
        LeadingDirections.Find(new double[6], [1, 1], [2, 0, 1]).First.ShouldAllBe(part => double.IsFinite(part));
}
