using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace OrleansCluster.Cli.Tests;

/// <summary>Reads exported arrays and recomputes what reports say of them, in float64, without a line of the program's own code.</summary>
internal static class Arrays
{
    /// <summary>Every value of an array, row-major, and its last dimension (1 for a plain list).</summary>
    public static (double[] Values, int Columns) ReadNpy(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[..8].ShouldBe([0x93, .. "NUMPY"u8, 1, 0]);
        int start = 10 + BitConverter.ToUInt16(bytes, 8);
        string header = Encoding.ASCII.GetString(bytes, 10, start - 10);
        header.ShouldContain("'fortran_order': False");
        int[] shape = [.. Regex.Match(header, @"'shape': \(([^)]*)\)").Groups[1].Value.Split(',',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(int.Parse)];
        ReadOnlySpan<byte> data = bytes.AsSpan(start);
        double[] values = Regex.Match(header, "'descr': '([^']*)'").Groups[1].Value switch
        {
            "<f8" => MemoryMarshal.Cast<byte, double>(data).ToArray(),
            "<i4" => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(data).ToArray(), value => (double)value),
            var other => throw new InvalidDataException($"{path} holds {other}."),
        };
        values.Length.ShouldBe(shape.Aggregate((a, b) => a * b));
        return (values, shape.Length == 1 ? 1 : shape[1]);
    }

    /// <summary>Every value of a gzipped text of numbers between white space, row-major.</summary>
    public static (double[] Values, int Columns) ReadText(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var values = new List<double>();
        int columns = 0;
        while (reader.ReadLine() is { } line)
        {
            string[] cells = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            columns = Math.Max(columns, cells.Length);
            values.AddRange(cells.Select(cell => double.Parse(cell, CultureInfo.InvariantCulture)));
        }

        return ([.. values], columns);
    }

    /// <summary>Sum of squared distances of rows to the centres that their labels name.</summary>
    public static double Inertia(double[] rows, int columns, double[] centroids, double[] labels)
    {
        labels.Length.ShouldBe(rows.Length / columns);
        double sum = 0;
        for (int i = 0; i < labels.Length; i++)
            sum += SquaredDistance(rows.AsSpan(i * columns, columns), centroids.AsSpan((int)labels[i] * columns, columns));
        return sum;
    }

    /// <summary>The label of the nearest centre of each row; the lowest on equal distances.</summary>
    public static double[] Nearest(double[] rows, int columns, double[] centroids)
    {
        double[] labels = new double[rows.Length / columns];
        for (int i = 0; i < labels.Length; i++)
        {
            double least = double.PositiveInfinity;
            for (int c = 0; c < centroids.Length / columns; c++)
            {
                double distance = SquaredDistance(rows.AsSpan(i * columns, columns), centroids.AsSpan(c * columns, columns));
                if (distance < least)
                    (least, labels[i]) = (distance, c);
            }
        }

        return labels;
    }

    private static double SquaredDistance(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int j = 0; j < a.Length; j++)
        {
            double difference = a[j] - b[j];
            sum = Math.FusedMultiplyAdd(difference, difference, sum);
        }

        return sum;
    }
}
