using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;

namespace OrleansCluster.Datasets.Tests;

public sealed class BlobStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly MemoryBlobStore _memory = new();

    public void Dispose()
    {
        _memory.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_touched_stays_and_what_is_old_goes(bool files)
    {
        IBlobStore store = Store(files);
        string[] hashes = [await store.PutAsync(new byte[] { 1 }), await store.PutAsync(new byte[] { 2 }), await store.PutAsync(new byte[] { 3 })];
        Array.Sort(hashes, StringComparer.Ordinal);
        (await store.DescribeAsync().Select(blob => (blob.Hash, blob.Bytes)).ToArrayAsync()).ShouldBe(hashes.Select(hash => (hash, 1L)));
        (await store.DescribeAsync(hashes[0]).Select(blob => blob.Hash).ToArrayAsync()).ShouldBe(hashes[1..]);
        (await store.DescribeAsync(hashes[2]).ToArrayAsync()).ShouldBeEmpty();
        DateTimeOffset written = (await store.DescribeAsync().ToArrayAsync()).Max(blob => blob.Touched), later = written + TimeSpan.FromMinutes(1);
        (await store.DeleteAsync(hashes[0], written - TimeSpan.FromMinutes(1))).ShouldBeFalse();
        (await store.TouchAsync(hashes[0])).ShouldBeTrue();
        (await store.DescribeAsync().FirstAsync()).Touched.ShouldBeGreaterThanOrEqualTo(written);
        (await store.DeleteAsync(hashes[0], later)).ShouldBeTrue();
        (await store.DeleteAsync(hashes[0], later)).ShouldBeFalse();
        (await store.TouchAsync(hashes[0])).ShouldBeFalse();
        (await store.ListAsync().ToArrayAsync()).ShouldBe(hashes[1..]);
    }

    /// <summary>Killed between two renames.</summary>
    [Fact]
    public async Task A_blob_that_was_being_collected_comes_back()
    {
        string root = Path.Combine(_folder.Root, "collected");
        var store = new FileBlobStore(root);
        string hash = await store.PutAsync(new byte[] { 1, 2 }), path = await store.LocalPathAsync(hash);
        File.Move(path, Path.Combine(root, "tmp", hash + ".going"));
        (await new FileBlobStore(root).ReadAsync(hash)).ShouldBe([1, 2]);
        Directory.GetFiles(Path.Combine(root, "tmp")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_blob_is_found_by_its_content(bool files)
    {
        IBlobStore store = Store(files);
        byte[] content = Encoding.UTF8.GetBytes("abc");
        string hash = await store.PutAsync(content);

        hash.ShouldBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        (await store.ReadAsync(hash)).ShouldBe(content);
        (await store.ExistsAsync(hash)).ShouldBeTrue();
        (await File.ReadAllBytesAsync(await store.LocalPathAsync(hash))).ShouldBe(content);
        (await store.PutAsync(content)).ShouldBe(hash);
        string empty = await store.PutAsync(Array.Empty<byte>());
        (await store.ListAsync().ToArrayAsync()).ShouldBe([hash, empty]);

        (await store.DeleteAsync(hash)).ShouldBeTrue();
        (await store.DeleteAsync(hash)).ShouldBeFalse();
        (await store.ExistsAsync(hash)).ShouldBeFalse();
        await Should.ThrowAsync<BlobStoreException>(() => store.ReadAsync(hash));
        await Should.ThrowAsync<BlobStoreException>(() => store.LocalPathAsync(hash));
        (await store.ListAsync().ToArrayAsync()).ShouldBe([empty]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Pieces_make_one_blob(bool files)
    {
        IBlobStore store = Store(files);
        byte[] content = RandomNumberGenerator.GetBytes(100_000);
        await using BlobWriter writer = store.Create();
        foreach (byte[] piece in content.Chunk(777))
            await writer.WriteAsync(piece);
        writer.Length.ShouldBe(content.Length);
        (await store.ListAsync().ToArrayAsync()).ShouldBeEmpty();
        string hash = await writer.CommitAsync();
        hash.ShouldBe(ContentHash.Of(content));
        (await store.ReadAsync(hash)).ShouldBe(content);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_not_committed_never_was(bool files)
    {
        IBlobStore store = Store(files);
        await using (BlobWriter writer = store.Create())
            await writer.WriteAsync(new byte[100]);
        (await store.ListAsync().ToArrayAsync()).ShouldBeEmpty();
        Directory.EnumerateFiles(_folder.Root, "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    [InlineData("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD")]
    public async Task A_name_that_is_no_hash_never_becomes_a_path(string name)
    {
        IBlobStore store = Store(files: true);
        await Should.ThrowAsync<ArgumentException>(() => store.ReadAsync(name));
        await Should.ThrowAsync<ArgumentException>(async () => await store.DeleteAsync(name));
    }

    [Fact]
    public async Task A_changed_or_torn_file_is_named_and_put_again_repairs_it()
    {
        IBlobStore store = Store(files: true);
        byte[] content = RandomNumberGenerator.GetBytes(1000);
        string hash = await store.PutAsync(content);
        string path = await store.LocalPathAsync(hash);
        content[500] ^= 4;
        await File.WriteAllBytesAsync(path, content);
        (await Should.ThrowAsync<BlobStoreException>(() => store.ReadAsync(hash))).Message.ShouldContain(path);
        content[500] ^= 4;
        await File.WriteAllBytesAsync(path, content[..999]);
        (await Should.ThrowAsync<BlobStoreException>(() => store.ReadAsync(hash))).Message.ShouldContain("damaged");

        await store.PutAsync(content);
        (await store.ReadAsync(hash)).ShouldBe(content);
    }

    [Fact]
    public async Task What_a_crash_left_is_removed_at_the_next_start()
    {
        IBlobStore store = Store(files: true);
        string hash = await store.PutAsync("kept"u8.ToArray());
        BlobWriter crashed = store.Create();
        await crashed.WriteAsync(new byte[10]);
        Directory.GetFiles(_folder["blobs/tmp"]).Length.ShouldBe(1);

        IBlobStore again = Store(files: true);
        Directory.GetFiles(_folder["blobs/tmp"]).ShouldBeEmpty();
        (await again.ListAsync().ToArrayAsync()).ShouldBe([hash]);
        await crashed.DisposeAsync();
    }

    [Fact]
    public async Task A_root_that_cannot_be_used_is_said_plainly()
    {
        string file = _folder.Write("file", "in the way");
        Should.Throw<IOException>(() => new FileBlobStore(Path.Combine(file, "blobs"))).Message.ShouldContain("cannot be used");
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task A_root_without_permission_is_said_plainly()
    {
        if (OperatingSystem.IsWindows() || Environment.IsPrivilegedProcess)
            Assert.Skip("Permissions do not bind this user.");
        IBlobStore store = Store(files: true);
        File.SetUnixFileMode(_folder["blobs/tmp"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
        (await Should.ThrowAsync<IOException>(() => store.PutAsync(new byte[1]))).Message.ShouldContain("permission is denied");
        File.SetUnixFileMode(_folder["blobs/tmp"], UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
    }

    private IBlobStore Store(bool files) => files ? new FileBlobStore(_folder["blobs"]) : _memory;
}
