using OrleansCluster.Compute;
using OrleansCluster.Datasets;
using OrleansCluster.Numerics.Rows;

namespace OrleansCluster.Grains.Tests.Datasets;

/// <summary>How long a message waits for one before it.</summary>
public sealed class ImportQueueTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task A_message_whose_predecessor_does_not_come_is_refused_after_a_minute_and_may_come_again()
    {
        await using var writer = new DatasetWriter(new MemoryBlobStore(), new RowSchema(["x"], Precision.Float64, null, null));
        var queue = new ImportQueue(writer, new InlineCompute(), _time, () => Task.CompletedTask);
        await queue.AppendAsync(Message(0));
        Task early = queue.AppendAsync(Message(2));
        _time.Advance(TimeSpan.FromSeconds(59));
        early.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(2));
        (await Should.ThrowAsync<ClusteringException>(() => early)).Message.ShouldContain("Message 2 of the import arrived where message 1 belongs");

        Task again = queue.AppendAsync(Message(2));
        await queue.AppendAsync(Message(1));
        await again;
        (queue.Taken, writer.Rows).ShouldBe((3, 3));
    }

    [Fact]
    public async Task Who_waits_when_an_import_ends_hears_why()
    {
        await using var writer = new DatasetWriter(new MemoryBlobStore(), new RowSchema(["x"], Precision.Float64, null, null));
        var queue = new ImportQueue(writer, new InlineCompute(), _time, () => Task.CompletedTask);
        Task early = queue.AppendAsync(Message(1));
        await queue.StopAsync(new ClusteringException("over"));
        (await Should.ThrowAsync<ClusteringException>(() => early)).Message.ShouldBe("over");
    }

    private static ImportRows Message(long sequence) => new() { Sequence = sequence, Values = new byte[8] };
}
