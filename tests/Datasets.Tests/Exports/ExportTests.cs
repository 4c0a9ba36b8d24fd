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
}
