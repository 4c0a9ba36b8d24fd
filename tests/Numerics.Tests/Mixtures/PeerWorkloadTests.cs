using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Training;

namespace OrleansCluster.Numerics.Tests.Mixtures;

/// <summary>As <see cref="PeerTests"/>, on drawn rows of the shapes that speed is measured on, in small: 16 and 64 columns in 16 components, 32 columns in 32.
/// No component is left with a row of its own, where a covariance would collapse here and linger there.</summary>
/// <remarks>
/// Figures by scikit-learn 1.2.1 with numpy 1.24, all with <c>Trace</c> and <c>precisions</c> as in <see cref="PeerTests"/> and rows i·n/k as means, from the
/// same rows bit for bit:
/// <code>
/// def u(stream, i):
///     n = (np.uint64(stream) &lt;&lt; np.uint64(40)) + i.astype(np.uint64) + np.uint64(1)
///     n *= np.uint64(0x9E3779B97F4A7C15)
///     n = (n ^ (n >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
///     n = (n ^ (n >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
///     n ^= n >> np.uint64(31)
///     return (n >> np.uint64(11)).astype(float) * 2.0 ** -53
/// def normal(stream, i):
///     s = np.full(i.shape, -6.0)
///     for t in range(12): s = s + u(stream, 12 * i + t)
///     return s
/// kd = np.arange(k * d).reshape(k, d)
/// centres, scales, share = spread * normal(1, kd), 0.5 + u(2, kd), u(3, np.arange(n))
/// z = (k * (share * share)).astype(int)
/// x = (centres[z] + scales[z] * normal(4, np.arange(n * d).reshape(n, d))).astype(np.float32).astype(float)
/// </code>
/// </remarks>
public sealed class PeerWorkloadTests
{
    /// <summary>Rows, columns, components, spread; iterations 1, 2, 5, 10 and 20.</summary>
    public static TheoryData<int, int, int, double, CovarianceForm, double[]> Traces => new()
    {
        { 4000, 16, 16, 3.0, CovarianceForm.Full, [-39.128826034198006, -26.828193120001583, -24.883297853731587, -24.60035397479533, -24.463601210080988] },
        { 4000, 16, 16, 3.0, CovarianceForm.Tied, [-39.128826034198006, -31.52257063006801, -29.684779630248645, -29.669022746689006, -29.662435022193552] },
        { 4000, 16, 16, 3.0, CovarianceForm.Diagonal, [-39.128826034198006, -31.126991422056996, -28.734724024168383, -28.7157698592947, -28.70734249335715] },
        { 4000, 16, 16, 3.0, CovarianceForm.Spherical, [-39.279631024455774, -31.959546117509763, -30.15486035607295, -30.08316921623543, -30.07492920556623] },
        { 8000, 64, 16, 1.5, CovarianceForm.Full, [-131.1022010486518, -95.32973571642104, -91.03867829321989, -90.09732556768189, -89.81264894984244] },
        { 8000, 64, 16, 1.5, CovarianceForm.Tied, [-131.1022010486518, -105.0590529175728, -100.49502116753041, -99.68669216309064, -99.18977105758813] },
        { 8000, 64, 16, 1.5, CovarianceForm.Diagonal, [-131.1022010486518, -108.46421264627081, -95.15563517529803, -95.14700506868597, -95.14359833344825] },
        { 8000, 64, 16, 1.5, CovarianceForm.Spherical,
            [-131.84988795313285, -113.235789195182, -106.17281181467573, -106.13542150001786, -106.12345642830961] },
        { 6000, 32, 32, 2.0, CovarianceForm.Full, [-68.57819889395454, -49.671328578152895, -47.104839975257484, -46.7710064273302, -46.48346605324027] },
        { 6000, 32, 32, 2.0, CovarianceForm.Tied, [-68.57819889395454, -58.02901803017081, -54.58396306637418, -54.43094015020988, -54.41993501720253] },
        { 6000, 32, 32, 2.0, CovarianceForm.Diagonal, [-68.57819889395454, -56.216661066239254, -51.02481848890094, -50.88609345886242, -50.88041132426254] },
        { 6000, 32, 32, 2.0, CovarianceForm.Spherical, [-68.70346128202642, -58.342787954077124, -54.49574702080312, -54.46541425817884, -54.38319095297874] },
    };

    [Theory]
    [MemberData(nameof(Traces))]
    public void Objectives_are_scikit_learns_lower_bounds(int n, int d, int k, double spread, CovarianceForm form, double[] bounds)
    {
        var rows = new RowBlock(Values(n, d, k, spread), d);
        var objectives = new List<double>();
        MixtureSpec spec = MixtureSpec.Create(k, form, MixtureInit.Given, MixtureCase.EveryNth(rows, k), regularization: 0, tolerance: 0, maxIterations: 20);
        MixtureCase.Train(spec, rows, shardRows: 3000, told: e =>
        {
            if (e is IterationEnded ended)
                objectives.Add(ended.Objective);
        });
        foreach ((int iteration, double bound) in new[] { 1, 2, 5, 10, 20 }.Zip(bounds))
            objectives[iteration - 1].ShouldBe(bound, 1e-8 * Math.Abs(bound), $"iteration {iteration}");
    }

    private static float[] Values(int n, int d, int k, double spread)
    {
        var values = new float[n * d];
        for (int i = 0; i < n; i++)
        {
            double share = Uniform(3, i);
            int z = (int)(k * (share * share));
            for (int j = 0; j < d; j++)
            {
                double centre = spread * Normal(1, (z * d) + j), scale = 0.5 + Uniform(2, (z * d) + j);
                values[(i * d) + j] = (float)(centre + (scale * Normal(4, (i * d) + j)));
            }
        }

        return values;
    }

    private static double Normal(int stream, int i)
    {
        double sum = -6;
        for (int t = 0; t < 12; t++)
            sum += Uniform(stream, (12 * i) + t);
        return sum;
    }

    private static double Uniform(int stream, int i)
    {
        ulong n = unchecked((((ulong)stream << 40) + (ulong)i + 1) * 0x9E3779B97F4A7C15);
        n = unchecked((n ^ (n >> 30)) * 0xBF58476D1CE4E5B9);
        n = unchecked((n ^ (n >> 27)) * 0x94D049BB133111EB);
        n ^= n >> 31;
        return (n >> 11) * (1.0 / (1L << 53));
    }
}
