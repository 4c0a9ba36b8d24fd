using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using OrleansCluster.Client;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Silo;
using OrleansCluster.Silo.Joining;
using OrleansCluster.Silo.Storage;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Hosting;

/// <summary>A home is hosted by whoever comes first and joined by the others, over a socket that only this user reaches.</summary>
public sealed class ClusterHomeTests : IDisposable
{
    private static readonly TimeSpan Prompt = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    private readonly TemporaryHome _home = new();

    private ClusterHostOptions Options => new() { Home = _home.Path, Threads = 2 };

    private HomeLayout Layout => new(_home.Path);

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Who_joins_works_on_the_same_datasets_models_and_jobs_and_comes_to_the_same_bits()
    {
        await using ClusterHome owner = await ClusterHome.OpenAsync(Options);
        owner.Host.ShouldNotBeNull();
        owner.Owner.ShouldBeNull();
        await new ClusteringClient(owner.Grains).Import("points", Rows.Clouds(3_000));
        TrainingReport first = await new ClusteringClient(owner.Grains).Train(Rows.Request("points", "first"));

        await using ClusterHome guest = await ClusterHome.OpenAsync(Options);
        guest.Host.ShouldBeNull();
        guest.Owner.ShouldStartWith($"process {Environment.ProcessId} ");
        owner.Host.Guests.ShouldBe(1);
        var client = new ClusteringClient(guest.Grains);
        (await client.Models.ListAsync()).ShouldHaveSingleItem().Name.ShouldBe("first");
        (await client.Import("again", Rows.Clouds(3_000))).Rows.ShouldBe(3_000);
        (await client.Train(Rows.Request("again", "second"))).Digest.ShouldBe(first.Digest);
        (await new ClusteringClient(owner.Grains).Jobs.ListAsync()).Length.ShouldBe(2);
        Directory.GetFiles(Layout.Reminders).ShouldBeEmpty("jobs that have ended leave no reminder");
    }

    [Fact]
    public async Task Of_those_who_open_a_new_home_at_the_same_moment_one_hosts_it_and_the_others_join()
    {
        string home = Path.Combine(_home.Path, "new");
        ClusterHome[] all = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => ClusterHome.OpenAsync(Options with { Home = home }))));
        try
        {
            all.Count(one => one.Host is not null).ShouldBe(1);
            foreach (ClusterHome one in all)
                (await new ClusteringClient(one.Grains).Models.ListAsync()).ShouldBeEmpty();
        }
        finally
        {
            foreach (ClusterHome one in all.OrderBy(one => one.Host is not null))
                await one.DisposeAsync();
        }
    }

    [Fact]
    public async Task When_the_owner_ends_calls_under_way_and_later_ones_fail_at_once_with_one_message()
    {
        ClusterHost owner = await ClusterHost.StartAsync(Options);
        await using ClusterHome guest = await ClusterHome.OpenAsync(Options);
        var client = new ClusteringClient(guest.Grains);
        await client.Import("points", Rows.Clouds(3_000));
        string job = await client.Jobs.StartAsync(Rows.Request("points", "model", restarts: 20_000));
        Task<JobStatus> watching = client.Finish(job);
        guest.OwnerEnded.ShouldBeFalse();

        await owner.KillAsync();
        string message = (await Should.ThrowAsync<ClusteringException>(() => watching.WaitAsync(Prompt))).Message;
        message.ShouldContain($"process {Environment.ProcessId} ");
        message.ShouldContain(_home.Path);
        guest.OwnerEnded.ShouldBeTrue();
        (await Should.ThrowAsync<ClusteringException>(() => client.Models.ListAsync().WaitAsync(Prompt))).Message.ShouldBe(message);

        // And whoever comes next has the home to itself.
        await using ClusterHome next = await ClusterHome.OpenAsync(Options);
        next.Host.ShouldNotBeNull();
        (await new ClusteringClient(next.Grains).Jobs.FindAsync(job))!.State.ShouldBe(JobState.Interrupted);
    }

    [Fact]
    public async Task An_owner_that_is_done_waits_for_those_who_have_joined_and_lets_nobody_in_after_the_last()
    {
        await using ClusterHome owner = await ClusterHome.OpenAsync(Options);
        ClusterHome guest = await ClusterHome.OpenAsync(Options);
        Task left = owner.Host!.WaitForGuestsAsync();
        left.IsCompleted.ShouldBeFalse();
        // As long as one is at work the owner is there for others too.
        await (await ClusterHome.OpenAsync(Options)).DisposeAsync();
        left.IsCompleted.ShouldBeFalse();
        await guest.DisposeAsync();
        await left.WaitAsync(Prompt);

        Task<ClusterHome> late = ClusterHome.OpenAsync(Options);
        await owner.DisposeAsync();
        await using ClusterHome next = await late;
        next.Host.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_guest_that_has_ended_is_not_waited_for_even_when_nobody_reads_its_connection()
    {
        Layout.Create();
        var listening = new TaskCompletionSource<string>();
        await using var gateway = new HomeGateway(Layout, listening.SetResult);
        await gateway.BindAsync(gateway.EndPoint);
        Socket guest = (await GatewaySocket.ConnectAsync(await listening.Task, CancellationToken.None))!;
        (await gateway.AcceptAsync()).ShouldNotBeNull();
        Task left = gateway.WaitForGuestsAsync(CancellationToken.None);
        left.IsCompleted.ShouldBeFalse();
        guest.Dispose();
        await left.WaitAsync(Prompt);
        gateway.Guests.ShouldBe(0);
    }

    [Fact]
    public async Task A_killed_owner_s_home_is_taken_over_at_once_and_can_be_joined_again()
    {
        // What is left of it: the note, and a socket that nobody listens at.
        (Socket socket, string path) = GatewaySocket.Listen(Layout)!.Value;
        // A socket takes its file with it when it is closed, unless the file is elsewhere at that moment.
        File.Move(path, Path.Combine(_home.Path, "aside"));
        socket.Dispose();
        File.Move(Path.Combine(_home.Path, "aside"), path);
        HomeLock.TryTake(Layout, OwnerNote.Mine(stays: true))!.Dispose();
        await File.WriteAllBytesAsync(Layout.Owner, (OwnerNote.Mine(stays: true) with { ProcessId = 1, Gateway = path }).Encode());
        File.Exists(path).ShouldBeTrue();

        await using ClusterHome owner = await ClusterHome.OpenAsync(Options);
        owner.Host.ShouldNotBeNull();
        await using ClusterHome guest = await ClusterHome.OpenAsync(Options);
        guest.Host.ShouldBeNull();
    }

    [Fact]
    public async Task An_owner_that_does_not_answer_is_waited_for_and_then_named()
    {
        (Socket socket, string path) = GatewaySocket.Listen(Layout)!.Value;
        using (socket)
        using (HomeLock.TryTake(Layout, OwnerNote.Mine(stays: true) with { Gateway = path }))
        {
            long begin = Stopwatch.GetTimestamp();
            string message = (await Should.ThrowAsync<ClusteringException>(() => ClusterHome.OpenAsync(Options, Short))).Message;
            message.ShouldContain($"in use by process {Environment.ProcessId} ");
            message.ShouldContain("does not answer");
            Stopwatch.GetElapsedTime(begin).ShouldBeGreaterThan(Short);
        }
    }

    [Fact]
    public async Task A_gateway_that_is_another_cluster_s_is_not_joined()
    {
        using var other = new TemporaryHome();
        await using ClusterHost another = await ClusterHost.StartAsync(new ClusterHostOptions { Home = other.Path, Threads = 1 });
        OwnerNote note = await Listening(other.Path);
        using HomeLock? locked = HomeLock.TryTake(Layout, OwnerNote.Mine(stays: true) with { Gateway = note.Gateway });
        string message = (await Should.ThrowAsync<ClusteringException>(() => ClusterHome.OpenAsync(Options, Short))).Message;
        message.ShouldContain($"in use by process {Environment.ProcessId} ");
        message.ShouldContain("cannot be joined");
    }

    [Fact]
    public async Task An_owner_of_another_version_is_not_joined_and_both_versions_are_named()
    {
        await using ClusterHost owner = await ClusterHost.StartAsync(Options);
        OwnerNote note = await Listening(_home.Path);
        await File.WriteAllBytesAsync(Layout.Owner, (note with { Program = "0.0.9 build 12345678" }).Encode());
        string message = (await Should.ThrowAsync<ClusteringException>(() => ClusterHome.OpenAsync(Options))).Message;
        message.ShouldContain("0.0.9 build 12345678");
        message.ShouldContain(OwnerNote.ThisProgram);
        message.ShouldContain($"process {Environment.ProcessId} ");
    }

    [Fact]
    public async Task Whoever_means_to_stay_waits_a_moment_for_the_end_of_an_owner_that_does_not()
    {
        await using ClusterHome brief = await ClusterHome.OpenAsync(Options with { Stays = false });
        Task<ClusterHome> longer = ClusterHome.OpenAsync(Options);
        await using (ClusterHome another = await ClusterHome.OpenAsync(Options with { Stays = false }))
            another.Host.ShouldBeNull();
        await brief.DisposeAsync();
        await using ClusterHome own = await longer;
        own.Host.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_home_with_a_long_path_is_joined_through_a_folder_for_temporary_files()
    {
        string home = Path.Combine(_home.Path, new string('x', 100));
        string gateway;
        await using (ClusterHome owner = await ClusterHome.OpenAsync(Options with { Home = home }))
        {
            gateway = (await Listening(home)).Gateway;
            gateway.ShouldNotStartWith(home);
            await using ClusterHome guest = await ClusterHome.OpenAsync(Options with { Home = home });
            guest.Host.ShouldBeNull();
        }

        Directory.Exists(Path.GetDirectoryName(gateway)).ShouldBeFalse();
    }

    [Fact]
    public async Task Only_this_user_reaches_the_socket_and_nothing_of_it_is_left()
    {
        await using (ClusterHost owner = await ClusterHost.StartAsync(Options))
        {
            string folder = Path.GetDirectoryName((await Listening(_home.Path)).Gateway)!;
            folder.ShouldStartWith(_home.Path);
            if (!OperatingSystem.IsWindows())
                File.GetUnixFileMode(folder).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        Directory.EnumerateFileSystemEntries(_home.Path).Select(Path.GetFileName).ShouldBe(["blobs", "grains", "lock", "reminders"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_host_that_resumes_by_itself_takes_up_what_the_last_owner_did_not_finish()
    {
        ClusterHost killed = await ClusterHost.StartAsync(Options);
        var client = new ClusteringClient(killed.Grains);
        await client.Import("points", Rows.Clouds(3_000));
        string job = await client.Jobs.StartAsync(Rows.Request("points", "model", restarts: 20_000));
        await killed.KillAsync();
        Directory.GetFiles(Layout.Reminders).ShouldHaveSingleItem();

        // Nobody asks for the job here.
        await using ClusterHost next = await ClusterHost.StartAsync(Options with { AutoResume = true });
        long begin = Stopwatch.GetTimestamp();
        while (!next.Services.GetRequiredService<TrainingServices>().HasDriven)
        {
            Stopwatch.GetElapsedTime(begin).ShouldBeLessThan(Prompt);
            await Task.Delay(20);
        }

        client = new ClusteringClient(next.Grains);
        (await client.Jobs.FindAsync(job))!.State.ShouldBe(JobState.Running);
        (await client.Jobs.CancelAsync(job)).State.ShouldBe(JobState.Cancelled);
        Directory.GetFiles(Layout.Reminders).ShouldBeEmpty();
    }

    /// <summary>The note of a home's owner, when it has opened its socket.</summary>
    private static async Task<OwnerNote> Listening(string home)
    {
        long begin = Stopwatch.GetTimestamp();
        while (true)
        {
            if (HomeLock.Owner(new HomeLayout(home)) is { Gateway.Length: > 0 } note)
                return note;
            Stopwatch.GetElapsedTime(begin).ShouldBeLessThan(Prompt);
            await Task.Delay(5);
        }
    }
}
