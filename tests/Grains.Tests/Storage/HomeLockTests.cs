using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Silo;
using OrleansCluster.Silo.Storage;

namespace OrleansCluster.Grains.Tests.Storage;

public sealed class HomeLockTests : IDisposable
{
    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public void A_second_owner_is_refused_and_told_who_the_first_is()
    {
        using HomeLock owner = HomeLock.Take(new HomeLayout(_home.Path));
        string message = Should.Throw<ClusteringException>(() => HomeLock.Take(new HomeLayout(_home.Path))).Message;
        message.ShouldContain(_home.Path);
        message.ShouldContain($"process {Environment.ProcessId}");
        message.ShouldContain("started 20");
    }

    [Fact]
    public void The_home_is_free_when_the_owner_has_ended()
    {
        HomeLock.Take(new HomeLayout(_home.Path)).Dispose();
        HomeLock.Take(new HomeLayout(_home.Path)).Dispose();
    }

    [Fact]
    public void What_a_killed_owner_left_behind_does_not_keep_the_next_one_out()
    {
        File.WriteAllText(Path.Combine(_home.Path, "lock"), "");
        File.WriteAllText(Path.Combine(_home.Path, "owner.json"), """{"ProcessId":1,"Started":"2020-01-01T00:00:00Z"}""");
        HomeLock.Take(new HomeLayout(_home.Path)).Dispose();
    }

    [Fact]
    public async Task A_host_owns_its_home_until_it_is_disposed()
    {
        var options = new ClusterHostOptions { Home = _home.Path, Threads = 1 };
        await using (await ClusterHost.StartAsync(options))
            (await Should.ThrowAsync<ClusteringException>(() => ClusterHost.StartAsync(options))).Message.ShouldContain("in use by process");
        await using ClusterHost next = await ClusterHost.StartAsync(options);
    }

    [Fact]
    public async Task A_home_that_cannot_be_a_folder_is_refused()
    {
        string file = Path.Combine(_home.Path, "file");
        await File.WriteAllTextAsync(file, "");
        (await Should.ThrowAsync<ClusteringException>(() => ClusterHost.StartAsync(new ClusterHostOptions { Home = file }))).Message.ShouldContain(file);
    }
}
