using System.Security.Cryptography;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.KMeans.Sphere;

namespace OrleansCluster.Numerics.KMeans;

/// <summary>The parameters of a trained model: its centres, in a canonical encoding that their digest names.</summary>
public sealed class KMeansModel
{
    private const byte Version = 1;

    /// <param name="centroids">k × d finite values, row-major; −0 becomes 0.</param>
    /// <param name="columns">d.</param>
    /// <param name="geometry">Where the centres lie.</param>
    /// <exception cref="ArgumentException">The values are not whole rows, or not finite.</exception>
    public KMeansModel(ReadOnlySpan<double> centroids, int columns, KMeansGeometry geometry = KMeansGeometry.Euclidean)
    {
        if (columns < 1 || centroids.IsEmpty || centroids.Length % columns != 0)
            throw new ArgumentException($"{centroids.Length} values are not centres of {columns} columns.", nameof(centroids));
        (Columns, Geometry) = (columns, geometry);
        Centroids = new double[centroids.Length];
        for (int i = 0; i < centroids.Length; i++)
        {
            if (!double.IsFinite(centroids[i]))
                throw new ArgumentException($"Centre {i / columns}, column {(i % columns) + 1} is {centroids[i]}, not a finite number.", nameof(centroids));
            Centroids[i] = centroids[i] == 0 ? 0 : centroids[i];
        }

        Digest = Convert.ToHexStringLower(SHA256.HashData(Encode()));
    }

    public int K => Centroids.Length / Columns;

    public int Columns { get; }

    public KMeansGeometry Geometry { get; }

    /// <summary>k × d, row-major.</summary>
    public double[] Centroids { get; }

    /// <summary>SHA-256 of <see cref="Encode"/>, lower-case hex.</summary>
    public string Digest { get; }

    /// <summary>The canonical encoding: <c>OCKM</c> or, on the sphere, <c>OCSM</c>, version, k, d, then k × d float64, all little-endian.</summary>
    public byte[] Encode()
    {
        var writer = new ByteWriter();
        writer.Header(MagicOf(Geometry), Version);
        writer.Int32(K);
        writer.Int32(Columns);
        foreach (double value in Centroids)
            writer.Double(value);
        return writer.ToArray();
    }

    /// <summary>The letters that an encoding begins with.</summary>
    public static string MagicOf(KMeansGeometry geometry) => geometry == KMeansGeometry.Sphere ? "OCSM" : "OCKM";

    /// <summary>Reads <see cref="Encode"/>.</summary>
    /// <exception cref="InvalidDataException">The bytes are no model of that geometry, or damaged.</exception>
    public static KMeansModel Decode(ReadOnlyMemory<byte> bytes, KMeansGeometry geometry = KMeansGeometry.Euclidean)
    {
        var reader = new ByteReader(bytes);
        reader.Header(MagicOf(geometry), Version);
        (int k, int columns) = (reader.Int32(), reader.Int32());
        if (k < 1 || columns < 1 || (long)k * columns * 8 != bytes.Length - 13)
            throw new InvalidDataException($"The model says {k} × {columns} values, which its {bytes.Length} bytes do not hold.");
        var centroids = new double[k * columns];
        for (int i = 0; i < centroids.Length; i++)
            centroids[i] = reader.Double();
        reader.End();
        try
        {
            return new KMeansModel(centroids, columns, geometry);
        }
        catch (ArgumentException damaged)
        {
            throw new InvalidDataException(damaged.Message, damaged);
        }
    }
}
