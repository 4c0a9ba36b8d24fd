using Orleans;
using Orleans.Runtime;
using Orleans.Storage;

namespace OrleansCluster.Embedded.Tests;

public sealed class MemoryStorageTests
{
    private static readonly GrainId s_grain = GrainId.Create("t", "k");
    private readonly MemoryGrainStorage _storage = new();

    [Fact]
    public async Task A_record_is_read_as_it_was_when_it_was_written()
    {
        var written = new GrainState<List<int>>([1, 2]);
        await _storage.WriteStateAsync("s", s_grain, written);
        written.State!.Add(3);
        var read = await ReadAsync();
        read.State.ShouldBe([1, 2]);
        read.ETag.ShouldBe(written.ETag);
        read.RecordExists.ShouldBeTrue();
    }

    [Fact]
    public async Task A_write_with_an_old_etag_conflicts()
    {
        await _storage.WriteStateAsync("s", s_grain, new GrainState<List<int>>([1]));
        var a = await ReadAsync();
        var b = await ReadAsync();
        await _storage.WriteStateAsync("s", s_grain, a);
        var error = await Should.ThrowAsync<InconsistentStateException>(() => _storage.WriteStateAsync("s", s_grain, b));
        error.StoredEtag.ShouldBe(a.ETag);
        error.CurrentEtag.ShouldBe(b.ETag);
        await Should.ThrowAsync<InconsistentStateException>(() => _storage.ClearStateAsync("s", s_grain, b));
    }

    [Fact]
    public async Task A_first_write_conflicts_where_a_record_is()
    {
        await _storage.WriteStateAsync("s", s_grain, new GrainState<List<int>>([1]));
        await Should.ThrowAsync<InconsistentStateException>(() => _storage.WriteStateAsync("s", s_grain, new GrainState<List<int>>([2])));
    }

    [Fact]
    public async Task A_write_with_an_etag_conflicts_where_no_record_is() =>
        await Should.ThrowAsync<InconsistentStateException>(() => _storage.WriteStateAsync("s", s_grain, new GrainState<List<int>>([1], "7")));

    [Fact]
    public async Task A_cleared_record_can_be_written_anew()
    {
        var record = new GrainState<List<int>>([1]);
        await _storage.WriteStateAsync("s", s_grain, record);
        await _storage.ClearStateAsync("s", s_grain, record);
        (await ReadAsync()).RecordExists.ShouldBeFalse();
        record.State = [2];
        await _storage.WriteStateAsync("s", s_grain, record);
        (await ReadAsync()).State.ShouldBe([2]);
    }

    [Fact]
    public async Task Of_writers_at_once_one_wins()
    {
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () =>
        {
            try
            {
                await _storage.WriteStateAsync("s", s_grain, new GrainState<List<int>>([i]));
                return true;
            }
            catch (InconsistentStateException)
            {
                return false;
            }
        })));
        outcomes.Count(won => won).ShouldBe(1);
    }

    private async Task<GrainState<List<int>>> ReadAsync()
    {
        var record = new GrainState<List<int>>();
        await _storage.ReadStateAsync("s", s_grain, record);
        return record;
    }
}
