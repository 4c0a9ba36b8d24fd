using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace OrleansCluster.Bench;

/// <summary>Rows that a comparison shares with its peers.</summary>
internal static class NumpyRows
{
    /// <summary>A two-dimensional float32 array in C order.</summary>
    public static (float[] Values, int Columns) Read(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int start = BitConverter.ToUInt16(bytes, 8) + 10;
        string header = Encoding.ASCII.GetString(bytes, 10, start - 10);
        if (!header.Contains("'<f4'", StringComparison.Ordinal))
            throw new InvalidDataException($"{path}: not float32.");
        string shape = header.Split('(')[1].Split(')')[0];
        return (MemoryMarshal.Cast<byte, float>(bytes.AsSpan(start)).ToArray(), int.Parse(shape.Split(',')[1], CultureInfo.InvariantCulture));
    }
}
