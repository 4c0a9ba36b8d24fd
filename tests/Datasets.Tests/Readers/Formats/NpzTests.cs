using System.IO.Compression;

namespace OrleansCluster.Datasets.Tests;

/// <summary>Arrays of npz archives.</summary>
public sealed class NpzTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Optimal)]
    public void The_only_array_is_read(CompressionLevel level)
    {
        string path = Write("t.npz", level, ("x", NpyBytes.Array("<f4", columnMajor: true, 2, 2, [1, 2, 3, 4])));
        Table.Read(path).Values.ShouldBe([1, 2, 3, 4]);
        Table.Read(path + ":x").Values.ShouldBe([1, 2, 3, 4]);
    }

    [Fact]
    public void Of_several_arrays_one_has_to_be_named()
    {
        string path = Write(
            "t.npz", CompressionLevel.Optimal, ("x", NpyBytes.Array("<f8", false, 1, 2, [1, 2])), ("y", NpyBytes.Array("<f8", false, 2, 1, [5, 6])));
        Table.Refusal(path).ShouldBe($"{path} has 2 arrays: x, y. Say which: {path}:x.");
        Table.Read(path + ":y").Values.ShouldBe([5, 6]);
        Table.Refusal(path + ":z").ShouldBe($"{path}:z has no array 'z': it has x, y.");
        InputName.Exists(path + ":z").ShouldBeTrue();
    }

    [Fact]
    public void Arrays_that_are_called_as_those_of_a_sparse_matrix_are_read_one_by_one()
    {
        byte[] part = NpyBytes.Array("<f8", false, 1, 2, [1, 2]), list = NpyBytes.File("<f8", false, "(1,)", new byte[8]);
        string path = Write("t.npz", CompressionLevel.Optimal, ("format", list), ("shape", part), ("data", part));
        Table.Refusal(path).ShouldContain($"none of its formats. Say which array is meant: {path}:data");
        Table.Read(path + ":data").Values.ShouldBe([1, 2]);
    }

    [Fact]
    public void Damaged_archives_are_refused()
    {
        string path = Write("t.npz", CompressionLevel.Optimal, ("x", NpyBytes.Array("<f8", false, 200, 2, [.. Enumerable.Range(0, 400).Select(i => i * 0.7)])));
        byte[] whole = File.ReadAllBytes(path);
        Table.Refusal(_folder.Write("cut.npz", whole[..^30])).ShouldContain("cut.npz is no zip archive of arrays");
        byte[] changed = [.. whole];
        changed[400] ^= 0xFF;
        Table.Refusal(_folder.Write("changed.npz", changed)).ShouldContain("changed.npz");
    }

    /// <summary>What an array is said to hold is not unpacked to find out that it holds more.</summary>
    [Fact]
    public void An_array_that_unpacks_to_more_than_it_says_is_refused_at_once()
    {
        byte[] bomb = [.. NpyBytes.Array("<f8", columnMajor: true, 2, 2, [1, 2, 3, 4]), .. new byte[64 << 20]];
        string path = Write("t.npz", CompressionLevel.Optimal, ("x", bomb));
        new FileInfo(path).Length.ShouldBeLessThan(1 << 20);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Table.Refusal(path).ShouldContain("bytes follow it");
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(8 << 20);
    }

    private string Write(string name, CompressionLevel level, params (string Name, byte[] Content)[] arrays)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string array, byte[] content) in arrays)
            {
                using Stream entry = zip.CreateEntry(array + ".npy", level).Open();
                entry.Write(content);
            }
        }

        return _folder.Write(name, file.ToArray());
    }
}
