using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Silo;
using OrleansCluster.Silo.Storage;

namespace OrleansCluster.Grains.Tests.Storage;

public sealed class HomeLockTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    private HomeLayout Home => new(_home.Path);

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_second_owner_does_not_get_the_home_and_finds_out_who_the_first_is()
    {
        OwnerNote note = OwnerNote.Mine(stays: true) with { Gateway = "/somewhere/socket" };
        using HomeLock? owner = HomeLock.TryTake(Home, note);
        owner.ShouldNotBeNull();
        HomeLock.TryTake(Home, OwnerNote.Mine(stays: false)).ShouldBeNull();
        HomeLock.Owner(Home).ShouldBe(note);
        note.Describe().ShouldStartWith($"process {Environment.ProcessId} (since 20");
    }

    [Fact]
    public void The_home_is_free_when_the_owner_has_ended()
    {
        HomeLock.TryTake(Home, OwnerNote.Mine(stays: true))!.Dispose();
        HomeLock.Owner(Home).ShouldBeNull();
        HomeLock.TryTake(Home, OwnerNote.Mine(stays: true))!.Dispose();
    }

    [Theory]
    [InlineData("""{"processId":1,"since":"2020-01-01T00:00:00Z","stays":true,"program":"0","cluster":"c","gateway":"/nowhere/socket"}""", "/nowhere/socket")]
    [InlineData("""{"ProcessId":1,"Started":"2020-01-01T00:00:00Z"}""", null)]
    [InlineData("""{"processId":1,"since":"202""", null)]
    [InlineData("", null)]
    public void What_a_killed_owner_left_behind_does_not_keep_the_next_one_out(string note, string? gateway)
    {
        File.WriteAllText(Path.Combine(_home.Path, "lock"), "");
        File.WriteAllText(Path.Combine(_home.Path, "owner.json"), note);
        using HomeLock? next = HomeLock.TryTake(Home, OwnerNote.Mine(stays: true));
        next!.Before?.Gateway.ShouldBe(gateway);
        HomeLock.Owner(Home)!.ProcessId.ShouldBe(Environment.ProcessId);
    }

    [Fact]
    public async Task A_host_owns_its_home_until_it_is_disposed()
    {
        var options = new ClusterHostOptions { Home = _home.Path, Threads = 1 };
        await using (await ClusterHost.StartAsync(options))
        {
            string message = (await Should.ThrowAsync<ClusteringException>(() => ClusterHost.StartAsync(options))).Message;
            message.ShouldContain($"{_home.Path} is in use by process {Environment.ProcessId}");
        }

        await using ClusterHost next = await ClusterHost.StartAsync(options);
    }

    [Fact]
    public async Task A_home_that_cannot_be_a_folder_is_refused()
    {
        string file = Path.Combine(_home.Path, "file");
        await File.WriteAllTextAsync(file, "");
        (await Should.ThrowAsync<ClusteringException>(() => ClusterHost.StartAsync(new ClusterHostOptions { Home = file }))).Message
            .ShouldBe($"The home folder {file} cannot be used: it is a file. Name a folder.");
    }

    [Fact]
    public async Task A_home_that_cannot_be_written_is_refused_and_said_to_be_so()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Folders there are not made read-only.");
        // A folder in the place of the lock: what even a superuser cannot open.
        Directory.CreateDirectory(Path.Combine(_home.Path, "lock"));
        string message = (await Should.ThrowAsync<ClusteringException>(() => ClusterHome.OpenAsync(new ClusterHostOptions { Home = _home.Path }))).Message;
        message.ShouldContain($"{_home.Path} cannot be used");
        message.ShouldNotContain("in use by");
    }
}
