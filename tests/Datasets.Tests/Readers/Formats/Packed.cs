using System.IO.Compression;

namespace OrleansCluster.Datasets.Tests;

/// <summary>Files compressed as their names say.</summary>
internal static class Packed
{
    public static byte[] As(string name, byte[] content)
    {
        using var packed = new MemoryStream();
        using (Stream? stream = name.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)
            : name.EndsWith(".zst", StringComparison.Ordinal) ? new ZstdSharp.CompressionStream(packed, leaveOpen: true) : null)
        {
            if (stream is null)
                return content;
            stream.Write(content);
        }

        return packed.ToArray();
    }
}
