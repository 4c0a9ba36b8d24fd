using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansCluster.Web.Tests;

/// <summary>Files, written by code of the tests' own.</summary>
internal static class Tables
{
    /// <summary>A .npy of float64.</summary>
    public static byte[] Npy(double[,] values)
    {
        string header = $"{{'descr': '<f8', 'fortran_order': False, 'shape': ({values.GetLength(0)}, {values.GetLength(1)}), }}";
        header = header.PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. Encoding.ASCII.GetBytes(header),
            .. MemoryMarshal.AsBytes(values.Cast<double>().ToArray().AsSpan())];
    }

    public static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(content);
        return packed.ToArray();
    }
}
