using System.IO.Compression;
using System.Text;
using System.Text.Json;

namespace OrleansCluster.Cli.Tests;

/// <summary>What cannot be used is refused with one message that says where and what to do, and leaves nothing behind.</summary>
[Collection(nameof(CommandLine))]
public sealed class BadInputTests
{
    private const int Usage = 2;

    /// <summary>Name of the file, its content, and what the message must name.</summary>
    public static TheoryData<string, string, string[]> Texts => new()
    {
        { "ragged.csv", "x,y\n1,2\n3\n", ["ragged.csv", "3"] },
        { "words.csv", "x,y\n1,2\n3,many\n", ["words.csv", "many", "y"] },
        { "nan.csv", "x,y\n1,2\nNaN,4\n", ["nan.csv", "x"] },
        { "infinite.csv", "x,y\n1,2\n3,-inf\n", ["infinite.csv", "y"] },
        { "huge.csv", "x,y\n1,2\n3,1e999\n", ["huge.csv", "y"] },
        { "missing.csv", "x,y\n1,2\n3,\n", ["missing.csv", "y"] },
        { "empty.csv", "", ["empty.csv"] },
        { "header.csv", "x,y\n", ["header.csv"] },
        { "binary.csv", "x,y\n1,2\n\0\u0001\u0002,4\n", ["binary.csv"] },
        { "lies.npy", "this is text", ["lies.npy"] },
    };

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task Unusable_text_is_refused(string name, string content, string[] mentions)
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write(name, content);
        await RefusedAsync(work, name, mentions);
    }

    /// <summary>An npy header, the bytes after it, and what the message must name.</summary>
    public static TheoryData<string, int, string> Arrays => new()
    {
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (4, 2), }", 40, "bad.npy" },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (1000000000000, 8), }", 64, "bad.npy" },
        { "{'descr': '|O', 'fortran_order': False, 'shape': (4, 2), }", 64, "bad.npy" },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2, 2), }", 64, "bad.npy" },
        { "{'descr': '<f8', 'fortran_order': False, 'shape': (4, 2)", 64, "bad.npy" },
    };

    [Theory]
    [MemberData(nameof(Arrays))]
    public async Task An_unusable_array_is_refused(string header, int bytes, string mention)
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("bad.npy", Npy(header, bytes));
        await RefusedAsync(work, "bad.npy", [mention]);
    }

    [Fact]
    public async Task A_gzip_that_ends_early_is_refused()
    {
        using Workspace work = CommandLine.NewWorkspace();
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 5_000).Select(i => $"{i * 7919 % 10007},{i}\n"))));
        work.Write("cut.csv.gz", packed.ToArray()[..(int)(packed.Length / 2)]);
        await RefusedAsync(work, "cut.csv.gz", ["cut.csv.gz"]);
    }

    /// <summary>Arguments after a good file of four rows, the exit code, and what the message must name.</summary>
    public static TheoryData<string[], string> Requests => new()
    {
        { ["train", "kmeans", "--data", "good.csv", "--k", "0"], "--k 0" },
        { ["train", "kmeans", "--data", "good.csv", "--k", "-3"], "--k -3" },
        { ["train", "kmeans", "--data", "good.csv", "--k", "two"], "--k two" },
        { ["train", "kmeans", "--data", "good.csv"], "--k" },
        { ["train", "kmeans", "--data", "good.csv", "--k", "5"], "4" },
        { ["train", "kmeans", "--data", "good.csv", "--k", "2", "--columns", "x,z"], "z" },
        { ["train", "kmeans", "--data", "good.csv", "--k", "2", "--weight-column", "w"], "w" },
        { ["train", "kmeans", "--data", "good.csv", "--k", "2", "--init", "best"], "--init best" },
        { ["train", "kmeans", "--data", "good.csv", "--k", "3", "--init", "two.csv"], "two.csv" },
        { ["train", "kmeans", "--data", "good.csv", "--k", "2", "--init", "narrow.csv"], "column" },
        { ["train", "kmeans", "--data", "good.csv", "--k", "2", "--tolerance", "-1"], "--tolerance -1" },
        { ["train", "kmeans", "--data", "good.csv", "--k", "2", "--restarts", "0"], "--restarts 0" },
        { ["train", "kmeans", "--data", "good.csv", "--k", "2", "--empty", "keep"], "--empty keep" },
        { ["train", "kmeans", "--data", "good.csv", "--k", "2", "--threads", "0"], "--threads 0" },
        { ["train", "kmeans", "--data", "good.csv", "--k", "2", "--export", "good.csv"], "good.csv" },
        { ["train", "kmeans", "--data", "good.csv", "--k", "2", "--model", "no/name"], "no/name" },
        { ["train", "kmeans", "--data", "absent.csv", "--k", "2"], "absent.csv" },
        { ["train", "kmeans", "--data", "absent", "--k", "2"], "absent" },
        { ["train", "kmeans", "--data", ".", "--k", "2"], "folder" },
        { ["train", "kmeans", "--data", "good.csv", "--k", "2", "--fast"], "--fast" },
        { ["datasets", "import", "no/name", "good.csv"], "no/name" },
        { ["datasets", "show", "absent"], "absent" },
        { ["assign", "--model", "absent", "--data", "good.csv"], "absent" },
        { ["assign", "--model", "absent@zero", "--data", "good.csv"], "no model 'absent'" },
        { ["models", "show", "absent"], "absent" },
        { ["route", "show", "absent"], "absent" },
        { ["retrain", "absent", "--data", "good.csv"], "absent" },
        { ["models", "export", "absent", "out"], "absent" },
        { ["jobs", "show", "absent"], "absent" },
        { ["jobs", "resume", "absent"], "absent" },
        { ["jobs", "cancel", "absent"], "absent" },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task An_impossible_request_is_refused(string[] arguments, string mention)
    {
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("good.csv", "x,y\n1,2\n3,4\n5,6\n7,8\n");
        work.Write("two.csv", "1,2\n3,4\n");
        work.Write("narrow.csv", "1\n3\n");
        (await work.RunAsync([.. arguments, "--report", "json"])).Refused(Usage).ShouldContain(mention);
    }

    [Fact]
    public async Task A_refusal_leaves_earlier_versions_as_they_were()
    {
        using Workspace work = CommandLine.NewWorkspace();
        string good = work.Write("good.csv", "x,y\n1,2\n3,4\n5,6\n7,8\n");
        await work.JsonAsync("train", "kmeans", "--data", good, "--k", "2");
        string datasets = await ListingAsync(work, "datasets"), models = await ListingAsync(work, "models");

        work.Write("good.csv", "x,y\n1,2\n3,4\n5,6\n7,eight\n");
        (await work.RunAsync("train", "kmeans", "--data", good, "--k", "2")).Refused(Usage).ShouldContain("eight");
        (await work.RunAsync("datasets", "import", "good", good)).Refused(Usage);
        (await work.RunAsync("train", "kmeans", "--data", "good@1", "--k", "9")).Refused(Usage);
        (await work.RunAsync("assign", "--model", "good@2", "--data", good)).Refused(Usage);
        (await work.RunAsync("assign", "--model", "good", "--data", good, "--out", "answers.csv")).Refused(Usage);

        (await ListingAsync(work, "datasets")).ShouldBe(datasets);
        (await ListingAsync(work, "models")).ShouldBe(models);
        File.Exists(work.At("answers.csv")).ShouldBeFalse();
        JsonElement again = await work.JsonAsync("train", "kmeans", "--data", "good@1", "--k", "2");
        again.GetProperty("version").GetInt32().ShouldBe(2);
    }

    [Fact]
    public async Task A_damaged_shard_is_named_and_nothing_is_published_from_it()
    {
        using Workspace work = CommandLine.NewWorkspace();
        await work.JsonAsync("train", "kmeans", "--data", work.Write("rows.csv", Blobs.Make(3_000, 4, 3)), "--k", "3");
        string models = await ListingAsync(work, "models");
        FileInfo shard = new DirectoryInfo(Path.Combine(work.Home, "blobs")).EnumerateFiles("*", SearchOption.AllDirectories).MaxBy(file => file.Length)!;
        byte[] bytes = File.ReadAllBytes(shard.FullName);
        bytes[bytes.Length / 2] ^= 0x10;
        File.WriteAllBytes(shard.FullName, bytes);

        (await work.RunAsync("train", "kmeans", "--data", "rows@1", "--k", "3")).Refused(1).ShouldContain(shard.FullName);
        (await ListingAsync(work, "models")).ShouldBe(models);
    }

    [Fact]
    public async Task A_file_without_permission_is_refused()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() || Environment.UserName == "root", "Every file can be read by this user.");
        using Workspace work = CommandLine.NewWorkspace();
        work.Write("secret.csv", "x,y\n1,2\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(work.At("secret.csv"), UnixFileMode.None);
        await RefusedAsync(work, "secret.csv", ["secret.csv", "permission"]);
    }

    private static async Task RefusedAsync(Workspace work, string name, string[] mentions)
    {
        string message = (await work.RunAsync("train", "kmeans", "--data", name, "--k", "1", "--report", "json")).Refused(Usage);
        foreach (string mention in mentions)
            message.ShouldContain(mention);
        (await work.JsonAsync("datasets", "list")).GetArrayLength().ShouldBe(0);
    }

    private static async Task<string> ListingAsync(Workspace work, string what) => (await work.JsonAsync(what, "list")).GetRawText();

    private static byte[] Npy(string header, int bytes)
    {
        string padded = header.PadRight(117) + "\n";
        return [0x93, .. "NUMPY"u8, 1, 0, (byte)padded.Length, 0, .. Encoding.ASCII.GetBytes(padded), .. new byte[bytes]];
    }
}
