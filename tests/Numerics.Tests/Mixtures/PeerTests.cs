using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Tests.KMeans;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.Mixtures;

/// <summary>The objective of every iteration against scikit-learn's lower bound at the same E-step.</summary>
/// <remarks>
/// Figures by scikit-learn 1.2.1, from rows i·n/k as means, or (thirds) from the means of rows i·n/k … (i + 1)·n/k − 1:
/// <code>
/// v = x.var(axis=0)
/// precisions = {"full": [diag(1/v)] * k, "tied": diag(1/v), "diag": [1/v] * k, "spherical": [1/v.mean()] * k}
/// class Trace(GaussianMixture):
///     def _compute_lower_bound(self, _, log_prob_norm): print(log_prob_norm); return log_prob_norm
/// Trace(k, covariance_type=form, max_iter=20, tol=0, reg_covar=0, means_init=means, weights_init=[1/k] * k, precisions_init=precisions).fit(x)
/// </code>
/// </remarks>
public sealed class PeerTests
{
    /// <summary>Iterations 1, 2, 5, 10 and 20.</summary>
    public static TheoryData<string, int, CovarianceForm, double[]> Traces => new()
    {
        { "lsun", 3, CovarianceForm.Full, [-3.592444255504318, -3.1237382383279804, -2.835033259007803, -2.6644599512357052, -2.547722804653473] },
        { "lsun", 3, CovarianceForm.Tied, [-3.592444255504318, -3.244168140141775, -3.124247411990906, -3.050572894803827, -2.9255136678615803] },
        { "lsun", 3, CovarianceForm.Diagonal, [-3.592444255504318, -3.133911476858973, -2.8116353750053067, -2.5973876405021383, -2.5513621639019597] },
        { "lsun", 3, CovarianceForm.Spherical, [-3.6827027521001754, -3.2796034940225707, -3.1520290753947977, -3.044152951866662, -2.961093602453393] },
        { "hepta", 7, CovarianceForm.Full, [-6.01737156403395, -5.0282902201812005, -3.682412603598175, -3.378043112810724, -2.644854755740167] },
        { "hepta", 7, CovarianceForm.Tied, [-6.01737156403395, -5.4602753748757245, -4.114364491906272, -3.490802811988364, -3.490802811988364] },
        { "hepta", 7, CovarianceForm.Diagonal, [-6.01737156403395, -5.048677544090182, -3.8198728628081633, -3.5338382494144094, -2.7014662802635834] },
        { "hepta", 7, CovarianceForm.Spherical, [-6.014496220544412, -5.1903991546034165, -4.215284493074091, -2.7123480505203754, -2.7123480505203763] },
        { "wine", 3, CovarianceForm.Tied, [-24.977954792634833, -18.479788993181188, -18.27659969367385, -18.18871835362629, -18.105419468892183] },
        { "wine", 3, CovarianceForm.Diagonal, [-24.977954792634847, -20.043900320226, -19.45715437779721, -18.710969543193606, -18.607862987612847] },
        { "wine", 3, CovarianceForm.Spherical, [-72.5998412600361, -64.18749580450063, -62.83909097271435, -62.829012569362014, -62.82878111351875] },
        { "wine-thirds", 3, CovarianceForm.Full, [-20.77395646191594, -16.19221442050052, -15.835405402246309, -15.74664670959305, -15.746646658799236] },
        { "g2mg_16_30", 2, CovarianceForm.Full, [-101.34377489712746, -94.4151547640628, -94.32439981911573, -94.29739443614068, -94.2971696159875] },
        { "g2mg_16_30", 2, CovarianceForm.Tied, [-101.34377489712746, -94.48314989315617, -94.3302762280614, -94.32846315715364, -94.32846314553831] },
        { "g2mg_16_30", 2, CovarianceForm.Diagonal, [-101.34377489712745, -94.50335115649636, -94.35976461657741, -94.35973863618054, -94.35973863616783] },
        { "g2mg_16_30", 2, CovarianceForm.Spherical, [-101.34586252371778, -94.48932243483507, -94.36415363948726, -94.36413561936567, -94.36413561935912] },
    };

    [Theory]
    [MemberData(nameof(Traces))]
    public void Objectives_are_scikit_learns_lower_bounds(string set, int k, CovarianceForm form, double[] bounds)
    {
        ReadOnlySpan<int> at = [1, 2, 5, 10, 20];
        RowBlock rows = ReferenceData.Read(set.Replace("-thirds", "", StringComparison.Ordinal));
        double[] means = set.EndsWith("-thirds", StringComparison.Ordinal) ? MeansOfParts(rows, k) : MixtureCase.EveryNth(rows, k);
        var objectives = new Dictionary<int, double>();
        MixtureSpec spec = MixtureSpec.Create(k, form, MixtureInit.Given, means, regularization: 0, tolerance: 0, maxIterations: 20);
        MixtureCase.Train(spec, rows, told: e =>
        {
            if (e is IterationEnded ended)
                objectives[ended.Iteration] = ended.Objective;
        });
        for (int i = 0; i < at.Length; i++)
        {
            // A run that gains nothing any more stops; its last objective stands for the ones after.
            double own = objectives[Math.Min(at[i], objectives.Count)];
            own.ShouldBe(bounds[i], 1e-8 * Math.Abs(bounds[i]), $"iteration {at[i]}");
        }
    }

    private static double[] MeansOfParts(RowBlock rows, int k)
    {
        var means = new double[k * rows.Columns];
        var row = new double[rows.Columns];
        for (int c = 0; c < k; c++)
        {
            int start = c * rows.Rows / k;
            int end = (c + 1) * rows.Rows / k;
            for (int i = start; i < end; i++)
            {
                rows.CopyRow(i, row);
                for (int j = 0; j < row.Length; j++)
                    means[(c * row.Length) + j] += row[j] / (end - start);
            }
        }

        return means;
    }
}
