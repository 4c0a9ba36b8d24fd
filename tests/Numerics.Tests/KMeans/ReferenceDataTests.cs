using OrleansCluster.Numerics.KMeans;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Tests.KMeans;

public sealed class ReferenceDataTests
{
    // scikit-learn 1.2.1's best of ten, its objective recomputed from its centres in float64:
    //   x = np.loadtxt(f"{name}.data.gz"); m = KMeans(n_clusters=k, n_init=10, random_state=0).fit(x)
    //   sum(((b[:, None] - m.cluster_centers_) ** 2).sum(2).min(1).sum() for b in np.array_split(x, 10))
    [Theory]
    [InlineData("birch1", 100, 95157167829202.38)]
    [InlineData("s1", 15, 8917615616867.258)]
    [InlineData("s2", 15, 13279233523688.96)]
    [InlineData("a3", 50, 28938445754.682793)]
    [InlineData("unbalance", 8, 214492062847.683)]
    public void Ten_restarts_come_within_a_hundredth_of_scikit_learn(string name, int k, double reference)
    {
        RowBlock rows = ReferenceData.Read(name);
        KMeansResult result = Train.Run(KMeansSpec.Create(k, restarts: 10), rows, 1 << 16, new Threads(2));
        result.Objective.ShouldBeLessThan(reference * 1.01);
        result.Objective.ShouldBe(Train.Objective(rows, result.Model.Centroids), reference * 1e-12);
    }

    // scikit-learn 1.2.1 from the first k rows: m = KMeans(k, init=x[:k], n_init=1, max_iter=n, tol=t).fit(x), objective from its centres as above, m.n_iter_.
    [Theory]
    [InlineData("s2", 15, 1, 0, 202005887213755.94, 1)]
    [InlineData("s2", 15, 2, 0, 156446359480885.38, 2)]
    [InlineData("s2", 15, 5, 0, 68745509943558.13, 5)]
    [InlineData("s2", 15, 20, 0, 46222451938381.375, 20)]
    [InlineData("s2", 15, 300, 1e-4, 29909201718201.168, 85)]
    [InlineData("s2", 15, 300, 1e-2, 58904481942781.58, 11)]
    [InlineData("s2", 15, 300, 0, 29909012578228.086, 87)]
    [InlineData("birch1", 100, 5, 0, 247432788417385.53, 5)]
    [InlineData("birch1", 100, 300, 1e-4, 139789358594735.33, 127)]
    [InlineData("birch1", 100, 300, 0, 139613402325153.4, 211)]
    public void From_the_same_start_iterations_are_those_of_scikit_learn(string name, int k, int most, double tolerance, double objective, int iterations)
    {
        RowBlock rows = ReferenceData.Read(name);
        var spec = KMeansSpec.Create(k, "given", rows.Float64[..(k * rows.Columns)], maxIterations: most, tolerance: tolerance);
        KMeansResult result = Train.Run(spec, rows, 1 << 14, new Threads(2));
        result.Objective.ShouldBe(objective, objective * 1e-12);
        result.Restarts[0].Iterations.ShouldBe(iterations);
    }

    // Single starts on a3 differ by a third; their mean says whether the draws are right. scikit-learn 1.2.1, a hundred starts:
    //   np.mean([KMeans(n_clusters=50, n_init=1, random_state=s).fit(x).inertia_ for s in range(100)]) = 3.300e10
    [Fact]
    public void Single_starts_of_plus_plus_are_on_average_as_good_as_scikit_learn()
    {
        RowBlock rows = ReferenceData.Read("a3");
        KMeansResult result = Train.Run(KMeansSpec.Create(50, "k-means++", restarts: 60), rows, parallel: new Threads(2));
        result.Restarts.Average(r => r.Objective).ShouldBe(3.300e10, 0.04e10 * 2);
    }
}
