using System.Security.Cryptography;
using OrleansCluster.Numerics.Alignment;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Mixtures.Components;

namespace OrleansCluster.Numerics.Mixtures;

/// <summary>A trained Gaussian mixture: its parameters, which the digest names, and the threshold that flags anomalies.</summary>
public sealed class MixtureModel
{
    private const string Magic = "OCMM";
    private const byte Version = 1;

    /// <param name="parameters">Finite parameters.</param>
    /// <param name="threshold">Rows of this log-density or a lower one are anomalies; −∞: none but those of density 0.</param>
    /// <param name="contamination">The share of the training rows' weight that the threshold was set for.</param>
    /// <exception cref="ArgumentException">A parameter is not finite.</exception>
    public MixtureModel(MixtureParameters parameters, double threshold = double.NegativeInfinity, double contamination = 0)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        (Parameters, Threshold, Contamination) = (Canonical(parameters), threshold, contamination);
        var writer = new ByteWriter();
        Parameters.Write(writer);
        Digest = Convert.ToHexStringLower(SHA256.HashData(writer.ToArray()));
    }

    public MixtureParameters Parameters { get; }

    public int K => Parameters.K;

    public int Columns => Parameters.Columns;

    public CovarianceForm Form => Parameters.Form;

    /// <summary>The same parameters with the threshold of another model.</summary>
    public MixtureModel WithThresholdOf(MixtureModel other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return new MixtureModel(Parameters, other.Threshold, other.Contamination);
    }

    /// <summary>Rows of this log-density or a lower one are anomalies.</summary>
    public double Threshold { get; }

    /// <summary>The share of the training rows' weight that the threshold was set for; 0: no row is flagged.</summary>
    public double Contamination { get; }

    /// <summary>SHA-256 of the parameters' encoding (not of the threshold), lower-case hex.</summary>
    public string Digest { get; }

    /// <summary>Share of each component.</summary>
    public ReadOnlySpan<double> Weights => Parameters.Weights;

    /// <summary>The means where the data are: k × d, row-major.</summary>
    public double[] Means()
    {
        double[] means = Parameters.Means.ToArray();
        for (int i = 0; i < means.Length; i++)
            means[i] += Parameters.Origins[i % Columns];
        return means;
    }

    /// <summary>The covariances as numpy libraries shape them: k × d × d (full), d × d (tied), k × d (diag) or k (spherical), row-major.</summary>
    public double[] Covariances()
    {
        if (Form is CovarianceForm.Diagonal or CovarianceForm.Spherical)
            return Parameters.Covariances.ToArray();
        int matrices = Form == CovarianceForm.Tied ? 1 : K;
        var expanded = new double[checked(matrices * Columns * Columns)];
        int at = 0;
        for (int c = 0; c < matrices; c++)
        {
            for (int i = 0; i < Columns; i++)
            {
                for (int j = 0; j < Columns; j++)
                    expanded[at++] = Parameters.Covariance(c, i, j);
            }
        }

        return expanded;
    }

    /// <summary>The components as label alignment and distances between versions look at them.</summary>
    /// <param name="sizes">k total weights of the components' rows.</param>
    public VersionClusters Clusters(ReadOnlyMemory<double> sizes)
    {
        bool diagonal = Form is CovarianceForm.Diagonal or CovarianceForm.Spherical;
        int size = diagonal ? Columns : Columns * Columns;
        var covariances = new double[checked(K * size)];
        for (int at = 0; at < covariances.Length; at++)
        {
            int entry = at % size;
            covariances[at] = diagonal
                ? Parameters.Covariance(at / size, entry, entry)
                : Parameters.Covariance(at / size, entry / Columns, entry % Columns);
        }

        return new VersionClusters(Columns, Means(), default, sizes, covariances);
    }

    /// <summary>
    /// <c>OCMM</c>, version, threshold and contamination, then the parameters: form, origins, weights, means, covariances, each array with its length.
    /// Little-endian.
    /// </summary>
    public byte[] Encode()
    {
        var writer = new ByteWriter();
        writer.Header(Magic, Version);
        writer.Double(Threshold);
        writer.Double(Contamination);
        Parameters.Write(writer);
        return writer.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes are no mixture, or damaged.</exception>
    public static MixtureModel Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        reader.Header(Magic, Version);
        (double threshold, double contamination) = (reader.Double(), reader.Double());
        MixtureParameters parameters = MixtureParameters.Read(reader);
        reader.End();
        try
        {
            return new MixtureModel(parameters, threshold, contamination);
        }
        catch (ArgumentException damaged)
        {
            throw new InvalidDataException(damaged.Message, damaged);
        }
    }

    /// <summary>The same parameters with 0 for −0, so that equal models have equal bytes.</summary>
    private static MixtureParameters Canonical(MixtureParameters given) => new(
        given.Form,
        Canonical(given.Origins, "origin"),
        Canonical(given.Weights, "weight"),
        Canonical(given.Means, "mean"),
        Canonical(given.Covariances, "covariance"));

    private static double[] Canonical(ReadOnlySpan<double> values, string what)
    {
        var result = new double[values.Length];
        for (int i = 0; i < result.Length; i++)
        {
            if (!double.IsFinite(values[i]))
                throw new ArgumentException($"Value {i + 1} of the {what}s is {values[i]}, not a finite number.", nameof(values));
            result[i] = values[i] == 0 ? 0 : values[i];
        }

        return result;
    }
}
