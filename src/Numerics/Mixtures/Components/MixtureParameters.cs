using OrleansCluster.Numerics.Encoding;

namespace OrleansCluster.Numerics.Mixtures.Components;

/// <summary>The parameters of a Gaussian mixture. Means are relative to an origin near the data's, so that a large offset costs no digits.</summary>
public sealed class MixtureParameters
{
    private readonly double[] _origins;
    private readonly double[] _weights;
    private readonly double[] _means;
    private readonly double[] _covariances;

    /// <param name="form">Form of the covariances.</param>
    /// <param name="origins">What was subtracted from each of the d columns.</param>
    /// <param name="weights">k weights, at least 0, of sum 1.</param>
    /// <param name="means">k × d, row-major, relative to <paramref name="origins"/>.</param>
    /// <param name="covariances">Matrices as packed lower triangles, row by row; diagonals; or variances. Component after component.</param>
    /// <exception cref="ArgumentException">The lengths do not agree.</exception>
    public MixtureParameters(CovarianceForm form, double[] origins, double[] weights, double[] means, double[] covariances)
    {
        ArgumentNullException.ThrowIfNull(origins);
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(means);
        ArgumentNullException.ThrowIfNull(covariances);
        if (weights.Length == 0 || origins.Length == 0)
            throw new ArgumentException("A mixture has at least one component and one column.", nameof(weights));
        if (means.Length != (long)weights.Length * origins.Length)
            throw new ArgumentException($"{means.Length} values are not {weights.Length} means of {origins.Length} columns.", nameof(means));
        if (covariances.Length != form.CovarianceLength(weights.Length, origins.Length))
            throw new ArgumentException(
                $"{covariances.Length} values are not the {form.Name()} covariances of {weights.Length} components in {origins.Length} columns.",
                    nameof(covariances));
        (Form, _origins, _weights, _means, _covariances) = (form, origins, weights, means, covariances);
    }

    public CovarianceForm Form { get; }

    public int K => _weights.Length;

    public int Columns => _origins.Length;

    /// <summary>What is subtracted from each column before anything is computed.</summary>
    public ReadOnlySpan<double> Origins => _origins;

    /// <summary>Share of each component.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>k × d, row-major, relative to <see cref="Origins"/>.</summary>
    public ReadOnlySpan<double> Means => _means;

    /// <summary>All covariances as they are kept.</summary>
    public ReadOnlySpan<double> Covariances => _covariances;

    /// <summary>The mean of one component, relative to <see cref="Origins"/>.</summary>
    public ReadOnlySpan<double> Mean(int component) => _means.AsSpan(component * Columns, Columns);

    /// <summary>What is kept of one component's covariance: a packed lower triangle, a diagonal or a variance.</summary>
    public ReadOnlySpan<double> Covariance(int component)
    {
        int length = (int)Form.CovarianceLength(1, Columns);
        return _covariances.AsSpan(Form == CovarianceForm.Tied ? 0 : component * length, length);
    }

    /// <summary>Entry (<paramref name="i"/>, <paramref name="j"/>) of one component's covariance.</summary>
    public double Covariance(int component, int i, int j)
    {
        ReadOnlySpan<double> kept = Covariance(component);
        (i, j) = i < j ? (j, i) : (i, j);
        return Form switch
        {
            CovarianceForm.Full or CovarianceForm.Tied => kept[Symmetric.Index(i, j)],
            _ when i != j => 0,
            CovarianceForm.Diagonal => kept[i],
            _ => kept[0],
        };
    }

    internal void Write(ByteWriter writer)
    {
        writer.Byte((byte)Form);
        writer.Doubles(_origins);
        writer.Doubles(_weights);
        writer.Doubles(_means);
        writer.Doubles(_covariances);
    }

    internal static MixtureParameters Read(ByteReader reader)
    {
        var form = (CovarianceForm)reader.Byte();
        try
        {
            return new MixtureParameters(form, reader.Doubles(), reader.Doubles(), reader.Doubles(), reader.Doubles());
        }
        catch (ArgumentException wrong)
        {
            throw new InvalidDataException($"The parameters of a mixture are damaged: {wrong.Message}", wrong);
        }
    }
}
