using System.Text;

namespace OrleansCluster.Datasets.Tests;

public sealed class ExportTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_array_reads_back()
    {
        double[] values = [.. Enumerable.Range(0, 12).Select(i => i / 7.0)];
        using (NpyWriter writer = NpyWriter.Create<double>(_folder["x.npy"], 4, 3))
        {
            writer.Write<double>(values.AsSpan(0, 5));
            writer.Write<double>(values.AsSpan(5));
            File.Exists(_folder["x.npy"]).ShouldBeFalse();
            writer.Commit();
        }

        Table table = Table.Read(_folder["x.npy"]);
        (table.Rows, table.Columns.Length).ShouldBe((4, 3));
        table.Values.ShouldBe(values);
    }

    [Fact]
    public void The_bytes_are_those_of_numpy()
    {
        using (NpyWriter writer = NpyWriter.Create<int>(_folder["labels.npy"], 3))
        {
            writer.WriteBytes([1, 0, 0, 0, 2, 0, 0, 0]);
            writer.Write<int>([-1]);
            writer.Commit();
        }

        byte[] bytes = File.ReadAllBytes(_folder["labels.npy"]);
        bytes.Length.ShouldBe(128 + 12);
        bytes[..10].ShouldBe([0x93, .. "NUMPY"u8, 1, 0, 118, 0]);
        Encoding.ASCII.GetString(bytes[10..128]).ShouldBe("{'descr': '<i4', 'fortran_order': False, 'shape': (3,), }".PadRight(117) + "\n");
        bytes[128..].ShouldBe([1, 0, 0, 0, 2, 0, 0, 0, 255, 255, 255, 255]);
    }

    [Fact]
    public void Too_few_too_many_or_other_values_are_refused_and_the_earlier_file_stays()
    {
        string path = _folder.Write("x.npy", "earlier");
        using (NpyWriter writer = NpyWriter.Create<float>(path, 2, 2))
        {
            writer.Write<float>([1, 2, 3]);
            Should.Throw<InvalidOperationException>(writer.Commit);
            Should.Throw<ArgumentException>(() => writer.Write<float>([1, 2]));
            Should.Throw<ArgumentException>(() => writer.Write<int>([1]));
        }

        File.ReadAllText(path).ShouldBe("earlier");
        Directory.GetFiles(_folder.Root).ShouldBe([path]);
        Should.Throw<ArgumentException>(() => NpyWriter.Create<long>(path, 1));
        Should.Throw<IOException>(() => NpyWriter.Create<int>(_folder["no/x.npy"], 1)).Message.ShouldContain("its folder does not exist");
    }

    [Theory]
    [InlineData(false, "id,cluster,distance,cluster_name\na,0,1.5,\nb,7,0,\"north, \"\"far\"\"\"\n")]
    [InlineData(true, "id,cluster,distance,version,cluster_name\na,0,1.5,3,\nb,7,0,4,\"north, \"\"far\"\"\"\n")]
    public void Names_of_clusters_end_the_lines(bool versions, string text)
    {
        using (var writer = new AssignmentCsvWriter(_folder["a.csv"], "id", versions, label => label == 7 ? "north, \"far\"" : ""))
        {
            writer.Write("a", 0, 1.5, 3);
            writer.Write("b", 7, 0, 4);
            writer.Commit();
        }

        File.ReadAllText(_folder["a.csv"]).ShouldBe(text);
    }

    [Fact]
    public void Assignments_are_written_with_ids_or_numbers()
    {
        using (var writer = new AssignmentCsvWriter(_folder["a.csv"], "the key"))
        {
            writer.Write("plain", 3, 0.1);
            writer.Write("a,\"b\"", -1, 1e-300);
            writer.Commit();
        }

        File.ReadAllText(_folder["a.csv"]).ShouldBe("\"the key\",cluster,distance\nplain,3,0.1\n\"a,\"\"b\"\"\",-1,1E-300\n");
        using (var writer = new AssignmentCsvWriter(_folder["b.csv"], null))
        {
            for (int i = 0; i < 100_000; i++)
                writer.Write((long)i, i % 7, i / 3.0);
            writer.Commit();
        }

        Table table = Table.Read(_folder["b.csv"], new ReadOptions { IdColumn = "row" });
        table.Columns.ShouldBe(["cluster", "distance"]);
        table.Values.ShouldBe(Enumerable.Range(0, 100_000).SelectMany(i => new[] { i % 7, i / 3.0 }));
        table.Ids[^1].ShouldBe("99999");
    }
}
