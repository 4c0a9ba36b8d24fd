using OrleansCluster.Numerics.Mixtures;
using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Tests.KMeans;

namespace OrleansCluster.Numerics.Tests.Mixtures;

/// <summary>Digests of a few small trainings. They change only when the canonical numbers change, which docs/numerics.md must then say.</summary>
public sealed class GoldenTests
{
    [Theory]
    [InlineData(CovarianceForm.Full, MixtureInit.KMeans, "81e223766214ac22086b9e1a4b105ab811e25afdf61d50b88d9c0eaf4dc2479f")]
    [InlineData(CovarianceForm.Full, MixtureInit.RandomResponsibilities, "e3a421a50f3c9fedfea917906b22bccd21cd7cc671818a750919f1fa8741edaf")]
    [InlineData(CovarianceForm.Tied, MixtureInit.PlusPlus, "ebcde2cde7f54d98cc5750b4bb3fb19f58639b9be2e77d1e314b6689fddbd0ef")]
    [InlineData(CovarianceForm.Diagonal, MixtureInit.KMeans, "40a471d00fd322e178d70ca0bc0f7fd8d875316ae3cdcd1afe62875b33326cd8")]
    [InlineData(CovarianceForm.Spherical, MixtureInit.RandomResponsibilities, "65675f5d14d161ee0de15fb1057d366a7ab0a8c6eebad8b6ed5414494d535f0b")]
    public void Digests_stay(CovarianceForm form, MixtureInit init, string digest)
    {
        // Integers from a generator of our own: no platform function has a part in the rows.
        var values = new float[3000 * 3];
        uint state = 1;
        for (int i = 0; i < values.Length; i++)
        {
            int sum = 0;
            for (int draw = 0; draw < 4; draw++)
                sum += (int)((state = (state * 1664525) + 1013904223) >> 24);
            values[i] = sum + (i / 3 % 4 * (i % 3 == 0 ? 700 : 300));
        }

        var rows = new RowBlock(values, 3, Array.ConvertAll(values[..3000], value => (double)((int)value % 3)));
        MixtureSpec spec = MixtureSpec.Create(4, form, init, seed: 5, restarts: 2, maxIterations: 12);
        MixtureCase.Train(spec, rows, 2048, new Threads(2)).Result!.Model.Digest.ShouldBe(digest);
    }
}
