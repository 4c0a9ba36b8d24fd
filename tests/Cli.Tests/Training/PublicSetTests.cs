using System.IO.Compression;
using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>Well-known sets: the inertia that others reach, and the report's word against the exported files.</summary>
[Collection(nameof(CommandLine))]
public sealed class PublicSetTests
{
    /// <summary>
    /// Set, k, and the inertia of scikit-learn 1.2.1's <c>KMeans(k, n_init=10, random_state=0)</c>, summed in float64 from its centres and labels.
    /// </summary>
    [Theory]
    [InlineData("s1", 15, 8917615616867.258)]
    [InlineData("s2", 15, 13279233523688.96)]
    [InlineData("a3", 50, 28938445754.682793)]
    [InlineData("unbalance", 8, 214492062847.683)]
    [InlineData("birch1", 100, 95157167829202.38)]
    public async Task Ten_restarts_come_within_a_hundredth_of_the_known_inertia(string set, int k, double known)
    {
        string? data = Find(set);
        Assert.SkipWhen(data is null, $"The public set {set} is not here: name its folder in CLUSTERING_DATA.");
        using Workspace work = CommandLine.NewWorkspace();
        JsonElement report = await work.JsonAsync("train", "kmeans", "--data", data!, "--k", $"{k}", "--restarts", "10", "--export", "out");

        double objective = report.GetProperty("objective").GetDouble();
        objective.ShouldBeLessThan(known * 1.01);
        (double[] rows, int columns) = Arrays.ReadText(data!);
        (double[] centroids, _) = Arrays.ReadNpy(work.At("out/centroids.npy"));
        (double[] labels, _) = Arrays.ReadNpy(work.At("out/labels.npy"));
        double inertia = Arrays.Inertia(rows, columns, centroids, labels);
        objective.ShouldBe(inertia, inertia * 1e-9);
        labels.ShouldBe(Arrays.Nearest(rows, columns, centroids));
    }

    [Fact]
    public async Task Text_packed_or_not_is_the_same_dataset()
    {
        string? data = Find("s1");
        Assert.SkipWhen(data is null, "The public set s1 is not here: name its folder in CLUSTERING_DATA.");
        using Workspace work = CommandLine.NewWorkspace();
        using (var packed = new GZipStream(File.OpenRead(data!), CompressionMode.Decompress))
        using (FileStream unpacked = File.Create(work.At("s1.txt")))
            await packed.CopyToAsync(unpacked);

        JsonElement first = await work.JsonAsync("datasets", "import", "s1", data!);
        JsonElement second = await work.JsonAsync("datasets", "import", "s1", "s1.txt");
        second.GetProperty("version").GetInt32().ShouldBe(1);
        second.GetProperty("manifest").GetString().ShouldBe(first.GetProperty("manifest").GetString());
    }

    private static string? Find(string set)
    {
        string folder = Environment.GetEnvironmentVariable("CLUSTERING_DATA") is { Length: > 0 } given ? given
            : Path.Combine(CommandLine.InRepository(".."), "shared", "data");
        string path = Path.GetFullPath(Path.Combine(folder, set + ".data.gz"));
        return File.Exists(path) ? path : null;
    }
}
