using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using OrleansCluster.Families;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Alignment;
using OrleansCluster.Numerics.Distances;
using OrleansCluster.Numerics.Encoding;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Tests.Families.Origin;

/// <summary>Centres, of which the first is the origin.</summary>
/// <param name="centres">k × d, row-major.</param>
/// <param name="columns">d.</param>
/// <param name="radius">Rows this near to the origin belong to it.</param>
internal sealed class OriginModel(double[] centres, int columns, double radius) : IModel
{
    public const string Magic = "OCTO";

    public IFamily Family => OriginFamily.Instance;

    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encode().Span));

    public int K => centres.Length / columns;

    public int Columns => columns;

    public double[] Centres => centres;

    public double Radius => radius;

    public ReadOnlyMemory<byte> Encode()
    {
        var writer = new ByteWriter();
        writer.Header(Magic, 1);
        Write(writer);
        return writer.ToArray();
    }

    public static OriginModel Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new ByteReader(bytes);
        reader.Header(Magic, 1);
        OriginModel model = Read(reader);
        reader.End();
        return model;
    }

    public void Write(ByteWriter writer)
    {
        writer.Int32(columns);
        writer.Double(radius);
        writer.Doubles(centres);
    }

    public static OriginModel Read(ByteReader reader)
    {
        (int columns, double radius, double[] centres) = (reader.Int32(), reader.Double(), reader.Doubles());
        return columns > 0 && centres.Length % columns == 0 ? new OriginModel(centres, columns, radius)
            : throw new InvalidDataException("The centres are no whole rows.");
    }

    public ModelParameters Describe(ImmutableArray<string> names) => new()
    {
        K = K,
        Columns = names,
        Centroids = MemoryMarshal.AsBytes<double>(centres).ToArray(),
        Digest = Digest,
        Measures = [new Measure { Name = "radius", Value = radius }],
    };

    public VersionClusters Clusters(ImmutableArray<ClusterRecord> records) =>
        new(columns, centres, records.Select(cluster => cluster.Spread).ToArray(), records.Select(cluster => cluster.Weight).ToArray());

    public PreparedModel Prepare() => new PreparedOrigin(this);

    /// <summary>The cluster of a row, and its squared distance to the centre; of equally near ones the first.</summary>
    public (int Cluster, double Squared) Nearest(ReadOnlySpan<double> row)
    {
        double origin = Distance.Squared(row, centres.AsSpan(0, columns));
        (int nearest, double least) = (0, origin);
        if (Math.Sqrt(origin) <= radius)
            return (nearest, least);
        for (int cluster = 1; cluster < K; cluster++)
        {
            double squared = Distance.Squared(row, centres.AsSpan(cluster * columns, columns));
            if (squared < least)
                (nearest, least) = (cluster, squared);
        }

        return (nearest, least);
    }
}

/// <summary>Centres, ready to answer.</summary>
internal sealed class PreparedOrigin(OriginModel model) : PreparedModel(model), ILabels
{
    public override long Bytes => model.Centres.Length * sizeof(double);

    public override double TermsPerRow => model.Centres.Length;

    public void Assign(RowBlock rows, Span<int> labels, Span<double> distances, IParallel parallel)
    {
        var row = new double[rows.Columns];
        for (int i = 0; i < rows.Rows; i++)
        {
            rows.CopyRow(i, row);
            (labels[i], double squared) = model.Nearest(row);
            distances[i] = Math.Sqrt(squared);
        }
    }
}
