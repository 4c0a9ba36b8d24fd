using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using OrleansCluster.Cli.Tests;

namespace OrleansCluster.EndToEnd.Tests;

/// <summary>One process owns a home; commands that come later join it, and do not suffer when it ends.</summary>
public sealed class JoiningTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task Later_commands_join_the_first_which_opens_no_port_and_stays_until_they_are_done()
    {
        using Workspace work = ClusterProgram.NewWorkspace();
        await LongJob.ImportAsync(work);
        using RunningProgram owner = work.StartJson(LongJob.Arguments(5_000));
        string ownersJob = await owner.Job.WaitAsync(Patience);
        (await work.JsonAsync("datasets", "list")).GetArrayLength().ShouldBe(1);
        using RunningProgram guest = work.StartJson([.. LongJob.Arguments(5_000), "--model", "joined"]);
        string guestsJob = await guest.Job.WaitAsync(Patience);
        await guest.Progress.WaitAsync(Patience);
        JsonElement[] jobs = [.. (await work.JsonAsync("jobs", "list")).EnumerateArray()];
        jobs.Select(job => (job.GetProperty("id").GetString(), job.GetProperty("state").GetString()))
            .ShouldBe([(ownersJob, "running"), (guestsJob, "running")], ignoreOrder: true);
        if (OperatingSystem.IsLinux())
            ListeningPorts(owner.Id).ShouldBeEmpty();

        // The owner's own work is over, and it stays for its guest.
        (await work.JsonAsync("jobs", "cancel", ownersJob)).GetProperty("state").GetString().ShouldBe("cancelled");
        (await work.JsonAsync("jobs", "show", guestsJob)).GetProperty("state").GetString().ShouldBe("running");
        owner.HasEnded.ShouldBeFalse();
        (await work.JsonAsync("jobs", "cancel", guestsJob)).GetProperty("state").GetString().ShouldBe("cancelled");

        Outcome guestsEnd = await guest.EndAsync(Patience), ownersEnd = await owner.EndAsync(Patience);
        guestsEnd.Refused(1).ShouldBe($"Job {guestsJob} was cancelled; nothing was published.");
        guestsEnd.Error.ShouldContain($"process {owner.Id.ToString(CultureInfo.InvariantCulture)} ");
        ownersEnd.Refused(1).ShouldBe($"Job {ownersJob} was cancelled; nothing was published.");
        ownersEnd.Error.ShouldContain("other commands have joined this process");
        Directory.EnumerateFileSystemEntries(work.Home).Select(Path.GetFileName).ShouldBe(["blobs", "grains", "lock", "reminders"], ignoreOrder: true);
    }

    [Fact]
    public async Task When_the_owner_is_killed_those_who_joined_say_how_to_go_on_and_the_next_command_owns_the_home()
    {
        using Workspace work = ClusterProgram.NewWorkspace();
        await LongJob.ImportAsync(work);
        using RunningProgram owner = work.StartJson(LongJob.Arguments(5_000));
        await owner.Job.WaitAsync(Patience);
        using RunningProgram guest = work.StartJson([.. LongJob.Arguments(5_000), "--model", "joined"]);
        string job = await guest.Job.WaitAsync(Patience);
        await guest.Progress.WaitAsync(Patience);

        owner.Kill();
        string message = (await guest.EndAsync(Patience)).Refused(1);
        message.ShouldContain($"process {owner.Id.ToString(CultureInfo.InvariantCulture)} ");
        message.ShouldContain($"jobs resume {job} --home {work.Home}");
        (await LongJob.StateAsync(work, job)).ShouldBe("interrupted");
    }

    [Fact]
    public async Task Of_commands_that_start_at_the_same_moment_on_a_new_home_one_hosts_the_others()
    {
        using Workspace work = ClusterProgram.NewWorkspace();
        string[] files = [.. Enumerable.Range(1, 3).Select(i => work.Write($"rows{i}.csv", Blobs.Make(500, 2, 3, seed: i)))];
        Outcome[] all = await Task.WhenAll(files.Select(file => work.RunAsync("datasets", "import", Path.GetFileNameWithoutExtension(file), file)));
        foreach (Outcome one in all)
            one.Succeeded();
        (await work.JsonAsync("datasets", "list")).EnumerateArray().Select(dataset => dataset.GetProperty("name").GetString())
            .ShouldBe(["rows1", "rows2", "rows3"]);
    }

    [Theory]
    [InlineData("mount -o remount,ro \"$1\"", "the disk is read-only")]
    [InlineData("head -c 100000 /dev/zero >\"$1/filler\" 2>/dev/null", "the disk is full")]
    public async Task A_home_on_a_disk_that_cannot_be_written_is_refused_in_one_line(string spoil, string why)
    {
        Assert.SkipUnless(await CanMountAsync(), "Only a superuser can make such a disk, on Linux.");
        using Workspace work = ClusterProgram.NewWorkspace();
        string disk = work.At("disk");
        Directory.CreateDirectory(disk);
        // The disk is seen by this shell alone and goes with it.
        string script = $"mount -t tmpfs -o size=64k tmpfs \"$1\" && mkdir \"$1/home\" && {{ {spoil}; shift; exec \"$@\"; }}";
        string message = (await ClusterProgram.RunAsync(work.Folder, ["models", "list", "--home", Path.Combine(disk, "home")],
            ["unshare", "-m", "sh", "-c", script, "sh", disk])).Refused(1);
        message.ShouldStartWith($"The home folder {disk}/home cannot be used: {why}.");
    }

    private static async Task<bool> CanMountAsync()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/unshare"))
            return false;
        using var probe = Process.Start(new ProcessStartInfo("unshare", ["-m", "true"]) { RedirectStandardError = true })!;
        await probe.WaitForExitAsync();
        return probe.ExitCode == 0;
    }

    /// <summary>The TCP ports that a process listens at, as Linux tells them.</summary>
    private static List<string> ListeningPorts(int process)
    {
        const string listening = "0A";
        var sockets = new HashSet<string>(new DirectoryInfo($"/proc/{process}/fd").EnumerateFiles().Select(file => file.LinkTarget ?? ""));
        sockets.ShouldContain(socket => socket.StartsWith("socket:", StringComparison.Ordinal), "The gateway's socket at least must be seen.");
        return [.. new[] { "tcp", "tcp6" }
            .Select(table => $"/proc/{process}/net/{table}").Where(File.Exists).SelectMany(table => File.ReadLines(table).Skip(1))
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[3] == listening && sockets.Contains($"socket:[{fields[9]}]")).Select(fields => fields[1])];
    }
}
