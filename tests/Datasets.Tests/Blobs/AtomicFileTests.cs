namespace OrleansCluster.Datasets.Tests;

public sealed class AtomicFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_changes_whole_or_not_at_all()
    {
        string path = _folder["state"];
        AtomicFile.Write(path, "one"u8);
        File.ReadAllText(path).ShouldBe("one");

        using (AtomicFile file = AtomicFile.Create(path))
        {
            file.Write("tw"u8);
            File.ReadAllText(path).ShouldBe("one");
        }

        File.ReadAllText(path).ShouldBe("one");
        Directory.GetFiles(_folder.Root).ShouldBe([path]);

        using (AtomicFile file = AtomicFile.Create(path))
        {
            file.Write("tw"u8);
            file.Write("o"u8);
            file.Commit();
        }

        File.ReadAllText(path).ShouldBe("two");
        Directory.GetFiles(_folder.Root).ShouldBe([path]);
    }

    [Fact]
    public void Leftovers_are_removed_and_nothing_else()
    {
        string path = _folder.Write("state", "kept");
        using AtomicFile crashed = AtomicFile.Create(path);
        Directory.GetFiles(_folder.Root).Length.ShouldBe(2);
        AtomicFile.RemoveLeftovers(_folder.Root);
        Directory.GetFiles(_folder.Root).ShouldBe([path]);
    }

    [Fact]
    public void Two_writers_of_one_file_do_not_meet()
    {
        string path = _folder["state"];
        using AtomicFile first = AtomicFile.Create(path), second = AtomicFile.Create(path);
        first.Write("first"u8);
        second.Write("second"u8);
        second.Commit();
        first.Commit();
        File.ReadAllText(path).ShouldBe("first");
    }

    [Fact]
    public void A_place_that_cannot_be_written_is_named_with_the_reason()
    {
        Should.Throw<IOException>(() => AtomicFile.Write(_folder["no/such/file"], default)).Message
            .ShouldBe($"{_folder["no/such/file"]} cannot be written: its folder does not exist. Create the folder, or correct the name.");
        Should.Throw<IOException>(() => AtomicFile.Write(_folder.Root, default)).Message.ShouldContain("it is a folder");
    }

    [Fact]
    public void A_link_stays_and_a_device_is_refused()
    {
        if (OperatingSystem.IsWindows())
            Assert.Skip("Links take a privilege on Windows.");
        string path = _folder.Write("state", "old");
        File.CreateSymbolicLink(_folder["link"], path);
        AtomicFile.Write(_folder["link"], "new"u8);
        File.ReadAllText(path).ShouldBe("new");
        new FileInfo(_folder["link"]).LinkTarget.ShouldBe(path);

        Should.Throw<IOException>(() => AtomicFile.Create("/dev/null")).Message.ShouldStartWith("/dev/null cannot be written: it is a device or a pipe");
    }
}
