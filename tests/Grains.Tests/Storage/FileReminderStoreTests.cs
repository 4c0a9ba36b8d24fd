using Orleans.Embedded;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Silo.Storage;

namespace OrleansCluster.Grains.Tests.Storage;

public sealed class FileReminderStoreTests : IDisposable
{
    private static readonly GrainId Grain = GrainId.Create("training", "default/job");

    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Reminders_are_read_by_the_next_process_until_they_are_removed()
    {
        var first = new StoredReminder(Grain, "drive", new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc), TimeSpan.FromMinutes(1));
        StoredReminder second = first with { Name = "other" };
        await Store().UpsertAsync(first with { Period = TimeSpan.FromHours(1) });
        await Store().UpsertAsync(first);
        await Store().UpsertAsync(second);
        (await Store().ReadAllAsync(default)).ShouldBe([first, second], ignoreOrder: true);

        await Store().RemoveAsync(Grain, "drive");
        await Store().RemoveAsync(Grain, "drive");
        (await Store().ReadAllAsync(default)).ShouldHaveSingleItem().ShouldBe(second);
    }

    [Fact]
    public async Task A_damaged_reminder_is_named()
    {
        await Store().UpsertAsync(new StoredReminder(Grain, "drive", DateTime.UnixEpoch, TimeSpan.FromMinutes(1)));
        string file = Directory.GetFiles(_home.Path).ShouldHaveSingleItem();
        await File.AppendAllTextAsync(file, " ");
        (await Should.ThrowAsync<ClusteringException>(Store().ReadAllAsync(default))).Message.ShouldContain(file);
    }

    private FileReminderStore Store() => new(_home.Path);
}
