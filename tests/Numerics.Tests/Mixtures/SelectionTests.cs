using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Tests.KMeans;

namespace OrleansCluster.Numerics.Tests.Mixtures;

/// <summary>Criteria against scikit-learn's, and the number of components that BIC picks.</summary>
/// <remarks>
/// Figures by scikit-learn 1.2.1:
/// <c>GaussianMixture(k, covariance_type=form, n_init=10, random_state=1, tol=1e-6, max_iter=2000, reg_covar=1e-9).fit(x).bic(x)</c>
/// </remarks>
public sealed class SelectionTests
{
    public static TheoryData<string, CovarianceForm, int, double[]> Cases => new()
    {
        { "lsun", CovarianceForm.Full, 4, [2663.3, 2380.16, 2140.03, 2127.13, 2137.03, 2161.93] },
        { "lsun", CovarianceForm.Diagonal, 4, [2661.19, 2412.59, 2124.97, 2107.4, 2111.89, 2129.56] },
        { "hepta", CovarianceForm.Full, 7, [2485.87, 2390.42, 2124.81, 1972.9, 1875.07, 1862.38, 1491.02, 1512.31, 1548.79] },
        { "hepta", CovarianceForm.Tied, 7, [2485.87, 2409.86, 2292.58, 2177.1, 2010.67, 1873.14, 1656.87, 1666.58, 1678.57] },
        { "hepta", CovarianceForm.Diagonal, 7, [2470.18, 2117.45, 1996.18, 1900.04, 1814.42, 1785.68, 1402.54, 1420.87, 1443.82] },
        { "hepta", CovarianceForm.Spherical, 7, [2459.6, 2378.93, 2291.28, 2141.68, 2040.94, 1912.37, 1332.16, 1338.99, 1358.06] },
        { "g2mg_16_30", CovarianceForm.Full, 2, [388571.51, 388566.72, 389400.06] },
        { "g2mg_16_30", CovarianceForm.Tied, 2, [388571.51, 387657.95, 387753.66] },
        { "g2mg_16_30", CovarianceForm.Diagonal, 2, [393506.71, 386993.09, 387170.78] },
        { "g2mg_16_30", CovarianceForm.Spherical, 2, [393398.09, 386782.36, 386880.43] },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Bic_picks_the_same_number_of_components(string set, CovarianceForm form, int best, double[] bic)
    {
        RowBlock rows = ReferenceData.Read(set);
        var own = new double[bic.Length];
        for (int k = 1; k <= bic.Length; k++)
        {
            MixtureSpec spec = MixtureSpec.Create(k, form, restarts: 10, tolerance: 1e-6, maxIterations: 2000, regularization: 1e-9, seed: 1);
            own[k - 1] = MixtureCase.Train(spec, rows).Result!.Criteria.Bic;
        }

        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Join(", ", own.Select(value => value.ToString("F2", System.Globalization.CultureInfo.InvariantCulture))));
        (Array.IndexOf(own, own.Min()) + 1).ShouldBe(best);
        own[0].ShouldBe(bic[0], 0.01);
        own[best - 1].ShouldBe(bic[best - 1], 0.02);
    }
}
