using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;
using OrleansCluster.Families;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Silo.Storage;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Storage;

public sealed class FileGrainStorageTests : IDisposable
{
    private static readonly GrainId Grain = GrainId.Create("catalog", "default/models");

    private static readonly ServiceProvider Services = new ServiceCollection().AddSerializer().AddSingleton(FamilyRegistry.Standard).BuildServiceProvider();

    private readonly TemporaryHome _home = new();
    private readonly StateFiles _files;

    public FileGrainStorageTests() => _files = new StateFiles(_home.Path);

    public void Dispose() => _home.Dispose();

    [Fact]
    public async Task What_is_written_is_read_by_the_next_process()
    {
        GrainState<CatalogState> written = State(["a", "b"]);
        await Storage().WriteStateAsync("catalog", Grain, written);
        var read = new GrainState<CatalogState>();
        await Storage().ReadStateAsync("catalog", Grain, read);
        read.State!.Names.ShouldBe(["a", "b"]);
        read.RecordExists.ShouldBeTrue();
        read.ETag.ShouldBe(written.ETag);
    }

    [Fact]
    public async Task Numbers_that_are_not_finite_and_long_ones_survive()
    {
        var request = new TrainingRequest { Dataset = "d", Model = "m", Options = new KMeansOptions { K = 3, Seed = ulong.MaxValue, Tolerance = 0.1 } };
        var written = new GrainState<JobRecord>(new JobRecord
        {
            Request = request,
            State = JobState.Running,
            Objective = double.NaN,
            Created = new DateTimeOffset(2024, 5, 6, 7, 8, 9, TimeSpan.Zero)
        });
        await Storage().WriteStateAsync("job", Grain, written);
        var read = new GrainState<JobRecord>();
        await Storage().ReadStateAsync("job", Grain, read);
        JobRecord record =
            read.State! with { Request = read.State.Request! with { Options = read.State.Request.KMeans() with { InitialCentroids = default } } };
        record.ShouldBe(written.State);
    }

    [Fact]
    public async Task A_record_that_is_not_there_is_empty()
    {
        GrainState<CatalogState> state = State(["left over"]);
        await Storage().ReadStateAsync("catalog", Grain, state);
        state.RecordExists.ShouldBeFalse();
        state.ETag.ShouldBeNull();
        state.State!.Names.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_writer_that_has_not_read_the_newest_state_is_refused()
    {
        FileGrainStorage storage = Storage();
        GrainState<CatalogState> first = State(["a"]);
        await storage.WriteStateAsync("catalog", Grain, first);
        var second = new GrainState<CatalogState>();
        await storage.ReadStateAsync("catalog", Grain, second);
        await storage.WriteStateAsync("catalog", Grain, second);

        await Should.ThrowAsync<InconsistentStateException>(storage.WriteStateAsync("catalog", Grain, first));
        await Should.ThrowAsync<InconsistentStateException>(storage.WriteStateAsync("catalog", Grain, State(["new"])));
        await Should.ThrowAsync<InconsistentStateException>(storage.ClearStateAsync("catalog", Grain, first));
        await storage.ClearStateAsync("catalog", Grain, second);
        second.RecordExists.ShouldBeFalse();
        await storage.WriteStateAsync("catalog", Grain, second);
    }

    [Fact]
    public async Task Of_two_writers_at_the_same_time_one_wins()
    {
        FileGrainStorage storage = Storage();
        GrainState<CatalogState>[] states = [.. Enumerable.Range(0, 20).Select(i => State([$"n{i}"]))];
        Task[] writes = [.. states.Select(state => storage.WriteStateAsync("catalog", Grain, state))];
        await Task.WhenAll(writes.Select(write => write.ContinueWith(_ => { }, TaskScheduler.Default)));
        writes.Count(write => write.IsCompletedSuccessfully).ShouldBe(1);
        writes.Where(write => write.IsFaulted).ShouldAllBe(write => write.Exception!.InnerException is InconsistentStateException);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(12)]
    [InlineData(40)]
    [InlineData(-3)]
    public async Task A_changed_byte_is_noticed_and_the_file_named(int position)
    {
        string file = await Written();
        byte[] bytes = await File.ReadAllBytesAsync(file);
        bytes[position < 0 ? bytes.Length + position : position] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);
        await Refused(file);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(30)]
    [InlineData(120)]
    public async Task A_torn_file_is_noticed_and_named(int length)
    {
        string file = await Written();
        await using (FileStream stream = File.OpenWrite(file))
            stream.SetLength(length);
        await Refused(file);
    }

    [Fact]
    public async Task State_is_what_the_wire_would_carry()
    {
        byte[] bytes = await File.ReadAllBytesAsync(await Written());
        int line = Array.IndexOf(bytes, (byte)'\n');
        Encoding.ASCII.GetString(bytes, 0, line).ShouldMatch("^OC-RECORD 2 [0-9a-f]{64} 1$");
        Services.GetRequiredService<Serializer<CatalogState>>().Deserialize(bytes.AsSpan(line + 1).ToArray())!.Names.ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public async Task State_of_earlier_builds_is_read_and_written_anew()
    {
        string file = await Written();
        const string Json = "{\n  \"Names\": [\"x\", \"y\"],\n  \"Unknown\": 1\n}";
        string checksum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("7\n" + Json)));
        await File.WriteAllTextAsync(file, $"OC-RECORD 1 {checksum} 7\n{Json}");
        var read = new GrainState<CatalogState>();
        await Storage().ReadStateAsync("catalog", Grain, read);
        (read.ETag, read.RecordExists).ShouldBe(("7", true));
        read.State!.Names.ShouldBe(["x", "y"]);
        await Storage().WriteStateAsync("catalog", Grain, read);
        read.ETag.ShouldBe("8");
        (await File.ReadAllTextAsync(file)).ShouldStartWith("OC-RECORD 2 ");
    }

    [Fact]
    public async Task State_of_later_builds_is_refused_and_stays()
    {
        string file = await Written();
        string text = await File.ReadAllTextAsync(file, Encoding.Latin1);
        await File.WriteAllTextAsync(file, text.Replace("OC-RECORD 2", "OC-RECORD 3", StringComparison.Ordinal), Encoding.Latin1);
        await Refused(file);
        (await File.ReadAllTextAsync(file, Encoding.Latin1)).ShouldStartWith("OC-RECORD 3");
    }

    [Fact]
    public async Task Names_that_differ_in_case_only_are_different_grains()
    {
        FileGrainStorage storage = Storage();
        await storage.WriteStateAsync("catalog", GrainId.Create("catalog", "t/Points"), State(["upper"]));
        await storage.WriteStateAsync("catalog", GrainId.Create("catalog", "t/points"), State(["lower"]));
        string[] names = [.. Files().Select(file => Path.GetFileName(file).ToUpperInvariant())];
        names.Distinct().Count().ShouldBe(2);
    }

    private static GrainState<CatalogState> State(string[] names) => new(new CatalogState { Names = [.. names] });

    private FileGrainStorage Storage() => new(_files, StateEncoding.Of(Services));

    private string[] Files() => Directory.GetFiles(_home.Path, "*", SearchOption.AllDirectories);

    private async Task<string> Written()
    {
        await Storage().WriteStateAsync("catalog", Grain, State(["a", "b", "c"]));
        return Files().ShouldHaveSingleItem();
    }

    private async Task Refused(string file)
    {
        ClusteringException e = await Should.ThrowAsync<ClusteringException>(Storage().ReadStateAsync("catalog", Grain, new GrainState<CatalogState>()));
        e.Message.ShouldContain(file);
        await Should.ThrowAsync<ClusteringException>(Storage().WriteStateAsync("catalog", Grain, State(["x"])));
    }
}
