using OrleansCluster.Numerics.Mixtures.Components;
using OrleansCluster.Numerics.Simd;

namespace OrleansCluster.Numerics.Mixtures.Kernels;

/// <summary>
/// A mixture as the density kernels want it. Columns are padded to a multiple of four with columns that add nothing. A triangular factor comes in blocks of
/// four of its rows j … j + 3: first, for each i &lt; j, the four entries (j, i) … (j + 3, i); then the six entries among the four themselves, column by
/// column; then the four reciprocals of the diagonal; and two zeros.
/// </summary>
internal sealed unsafe class DensityTable
{
    /// <summary>Rows of a factor that are solved together.</summary>
    public const int Block = 4;

    /// <summary>Numbers of a block besides those left of it.</summary>
    public const int Corner = 12;

    /// <summary>More than <see cref="MixtureOracle.Negligible"/>.</summary>
    public const double BeyondNegligible = 42;

    private readonly AlignedBuffer<double> _means = new();
    private readonly AlignedBuffer<double> _factors = new();
    private long _factorLength;

    /// <summary>Takes another mixture; memory is used again.</summary>
    public void Set(GaussianFactors mixture)
    {
        MixtureParameters parameters = mixture.Parameters;
        (K, Columns, Triangular, Constants) = (parameters.K, parameters.Columns, mixture.Triangular, mixture.Constants);
        Padded = (Columns + Block - 1) / Block * Block;
        int blocks = Padded / Block;
        long length = Triangular ? (2L * Block * blocks * (blocks - 1)) + ((long)Corner * blocks) : Padded;
        int matrices = parameters.Form == CovarianceForm.Tied ? 1 : K;
        _factorLength = matrices == 1 ? 0 : length;
        _means.Reserve(checked(K * Padded));
        _factors.Reserve(checked((int)(matrices * length)));
        _means.Span.Clear();
        _factors.Span.Clear();
        for (int c = 0; c < K; c++)
        {
            parameters.Mean(c).CopyTo(_means.Span.Slice(c * Padded, Columns));
            if (c >= matrices)
                continue;
            if (Triangular)
                Arrange(mixture.Factor(c), mixture.Inverses(c), Factor(c));
            else
                mixture.Inverses(c).CopyTo(new Span<double>(Factor(c), Columns));
        }

        Screen.Set(mixture, Padded);
    }

    public int K { get; private set; }

    /// <summary>What tells components that do not count at less cost.</summary>
    public ScreenTable Screen { get; } = new();

    public int Columns { get; private set; }

    /// <summary>Columns with padding.</summary>
    public int Padded { get; private set; }

    /// <summary>Whether factors are triangles; otherwise diagonals.</summary>
    public bool Triangular { get; private set; }

    /// <summary>The constant of each component's weighted log-density.</summary>
    public double[] Constants { get; private set; } = [];

    /// <summary>Padded mean of one component, relative to the origins.</summary>
    public double* Mean(int component) => _means.Pointer + ((long)component * Padded);

    /// <summary>Blocks of one component's factor, or the reciprocals of its standard deviations.</summary>
    public double* Factor(int component) => _factors.Pointer + (component * _factorLength);

    private void Arrange(ReadOnlySpan<double> factor, ReadOnlySpan<double> inverses, double* target)
    {
        for (int j = 0; j < Padded; j += Block)
        {
            for (int i = 0; i < j; i++)
            {
                for (int a = 0; a < Block; a++)
                    *target++ = Entry(factor, j + a, i);
            }

            for (int i = 0; i < Block; i++)
            {
                for (int a = i + 1; a < Block; a++)
                    *target++ = Entry(factor, j + a, j + i);
            }

            for (int a = 0; a < Block; a++)
                *target++ = j + a < Columns ? inverses[j + a] : 0;
            target += 2;
        }
    }

    private double Entry(ReadOnlySpan<double> factor, int i, int j) => i < Columns ? factor[Symmetric.Index(i, j)] : 0;
}
