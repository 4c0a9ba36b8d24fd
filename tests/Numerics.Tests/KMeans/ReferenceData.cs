using System.Globalization;
using System.IO.Compression;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Numerics.Tests.KMeans;

/// <summary>
/// Public clustering sets, which are not part of the project: white-space separated rows, gzipped, in the folder that CLUSTERING_DATA names
/// (../shared/data beside the repository when it names none).
/// </summary>
internal static class ReferenceData
{
    /// <summary>Reads a set, or skips the test when it is not there.</summary>
    public static RowBlock Read(string name)
    {
        string? path = Folders().Select(folder => Path.Combine(folder, name + ".data.gz")).FirstOrDefault(File.Exists);
        if (path is null)
            Assert.Skip($"{name}.data.gz is not there: set CLUSTERING_DATA to a folder with the Benchmark Suite for Clustering Algorithms.");
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        var values = new List<double>();
        int columns = 0;
        while (reader.ReadLine() is { } line)
        {
            string[] fields = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length == 0)
                continue;
            columns = fields.Length;
            values.AddRange(fields.Select(field => double.Parse(field, CultureInfo.InvariantCulture)));
        }

        return new RowBlock(values.ToArray(), columns);
    }

    private static IEnumerable<string> Folders()
    {
        if (Environment.GetEnvironmentVariable("CLUSTERING_DATA") is { Length: > 0 } named)
            return [named];
        DirectoryInfo? root = new(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "OrleansCluster.sln")))
            root = root.Parent;
        return root is null ? [] : [Path.Combine(root.FullName, "..", "shared", "data")];
    }
}
