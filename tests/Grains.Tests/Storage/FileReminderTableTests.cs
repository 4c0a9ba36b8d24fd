using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Silo.Storage;

namespace OrleansCluster.Grains.Tests.Storage;

public sealed class FileReminderTableTests : IDisposable
{
    private static readonly GrainId Grain = GrainId.Create("training", "default/job");

    private readonly TemporaryHome _home = new();

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task Reminders_are_read_by_the_next_process_until_they_are_removed()
    {
        string first = (await Table().UpsertRow(Entry("drive", TimeSpan.FromHours(1))))!;
        string second = (await Table().UpsertRow(Entry("drive", TimeSpan.FromMinutes(1))))!;
        await Table().UpsertRow(Entry("other", TimeSpan.FromMinutes(2)));
        second.ShouldNotBe(first);
        (await Table().ReadRows(Grain)).Reminders.Select(entry => (entry.ReminderName, entry.Period, entry.StartAt.Kind)).ShouldBe(
            [("drive", TimeSpan.FromMinutes(1), DateTimeKind.Utc), ("other", TimeSpan.FromMinutes(2), DateTimeKind.Utc)], ignoreOrder: true);
        (await Table().ReadRow(Grain, "drive"))!.ETag.ShouldBe(second);

        (await Table().RemoveRow(Grain, "drive", first)).ShouldBeFalse();
        (await Table().RemoveRow(Grain, "drive", second)).ShouldBeTrue();
        (await Table().RemoveRow(Grain, "drive", second)).ShouldBeFalse();
        (await Table().ReadRow(Grain, "drive")).ShouldBeNull();
        (await Table().ReadRows(Grain)).Reminders.ShouldHaveSingleItem().ReminderName.ShouldBe("other");
    }

    [Fact]
    public async Task A_range_of_the_ring_is_open_at_its_beginning_and_may_go_over_the_top()
    {
        await Table().UpsertRow(Entry("drive", TimeSpan.FromMinutes(1)));
        uint at = Grain.GetUniformHashCode();
        foreach ((uint begin, uint end, int found) in new[] { (at - 1, at, 1), (at, at + 1, 0), (at + 1, at, 1), (at, at - 1, 0), (at, at, 1), (0u, 0u, 1) })
            (await Table().ReadRows(begin, end)).Reminders.Count.ShouldBe(found, $"({begin}, {end}] of {at}");
    }

    [Fact]
    public async Task A_damaged_reminder_is_named()
    {
        await Table().UpsertRow(Entry("drive", TimeSpan.FromMinutes(1)));
        string file = Directory.GetFiles(_home.Path).ShouldHaveSingleItem();
        await File.AppendAllTextAsync(file, " ");
        (await Should.ThrowAsync<ClusteringException>(Table().ReadRows(Grain))).Message.ShouldContain(file);
    }

    private static ReminderEntry Entry(string name, TimeSpan period) =>
        new() { GrainId = Grain, ReminderName = name, StartAt = new DateTime(2024, 1, 2, 3, 4, 5, DateTimeKind.Utc), Period = period };

    private FileReminderTable Table() => new(_home.Path);
}
