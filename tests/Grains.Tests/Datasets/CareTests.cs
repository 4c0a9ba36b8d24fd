using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Datasets;

/// <summary>Datasets that grow old: versions that go, other names, and what needs them.</summary>
public sealed class CareTests(SharedCluster shared)
{
    private readonly SharedCluster.Tenant _tenant = shared.NewTenant();

    private ClusteringClient Client => _tenant.Client();

    private Task<ImmutableArray<string>> Names(string kind) => _tenant.Grain<ICatalogGrain>(kind).List();

    [Fact]
    public async Task A_number_is_never_given_twice()
    {
        for (int rows = 10; rows <= 12; rows++)
            await Client.Import("points", Rows.Clouds(rows));
        (await Client.Datasets.DeleteAsync("points", 2)).Versions.ShouldBe([2]);
        (await Client.Datasets.FindAsync("points", 2)).ShouldBeNull();
        (await Client.Datasets.VersionsAsync((await Client.Datasets.FindAsync("points"))!).Select(version => version.Version).ToListAsync()).ShouldBe([1, 3]);
        (await Should.ThrowAsync<ClusteringException>(Client.Datasets.DeleteAsync("points", 2))).Message
            .ShouldBe("There is no version 2 of the dataset 'points'.");

        // The newest that is left is the newest.
        await Client.Datasets.DeleteAsync("points", 3);
        (await Client.Datasets.FindAsync("points"))!.Rows.ShouldBe(10);
        (await Client.Import("points", Rows.Clouds(10))).Version.ShouldBe(1);
        (await Client.Import("points", Rows.Clouds(12))).Version.ShouldBe(4);

        (await Client.Datasets.DeleteAsync("points", 0)).Versions.ShouldBe([1, 4]);
        (await Names(CatalogKinds.Datasets)).ShouldBeEmpty();
        (await Client.Datasets.FindAsync("points")).ShouldBeNull();
        (await Client.Datasets.HistoryAsync("points")).ShouldAllBe(entry => entry.Deleted != null);
        (await Client.Import("points", Rows.Clouds(13))).Version.ShouldBe(5);
        (await Names(CatalogKinds.Datasets)).ShouldBe(["points"]);
    }

    [Fact]
    public async Task Rows_are_not_appended_to_what_was_deleted_meanwhile()
    {
        DatasetVersion first = await Client.Import("points", Rows.Clouds(10)), second = await Client.Import("points", Rows.Clouds(11));
        await using (IDatasetImport import = await Client.Datasets.AppendAsync(second, "more"))
        {
            await import.AppendAsync(new byte[80], default, []);
            await Client.Datasets.DeleteAsync("points", 2);
            (await Should.ThrowAsync<ClusteringException>(() => import.CommitAsync())).Message.ShouldBe(
                "The version of the dataset 'points' that rows were appended to was deleted meanwhile. Append them to version 1.");
        }

        await using IDatasetImport other = await Client.Datasets.AppendAsync(first, "more");
        await other.AppendAsync(new byte[80], default, []);
        await Client.Datasets.DeleteAsync("points", 0);
        (await Should.ThrowAsync<ClusteringException>(() => other.CommitAsync())).Message.ShouldContain("was deleted while rows were appended");
        (await Client.Datasets.ListAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_model_or_a_job_needs_goes_only_by_force()
    {
        await Client.Import("points", Rows.Clouds(500));
        await Client.Import("points", Rows.Clouds(501));
        await Client.Train(Rows.Request("points", "m", 3));
        await Client.Datasets.DeleteAsync("points", 1);
        (await Should.ThrowAsync<ClusteringException>(Client.Datasets.DeleteAsync("points", 2))).Message.ShouldBe(
            "Version 2 of the dataset 'points' is needed: model m version 1 was trained on version 2. Nothing was deleted: delete those first, or force it.");
        string job = await Client.Jobs.StartAsync(new TrainingRequest
        {
            Dataset = "points",
            Model = "other",
            Options = new KMeansOptions { K = 4, Restarts = 10_000, MaxIterations = 1_000, Tolerance = 0 },
        });
        await Client.Jobs.SuspendAsync(job);
        (await Client.Datasets.UsesAsync("points")).Select(use => use.ToString())
            .ShouldBe(["model m version 1 was trained on version 2", $"job {job} reads version 2"]);

        // By another name it is the same.
        (await Client.Datasets.RenameAsync("points", "renamed")).Version.ShouldBe(2);
        (await Client.Datasets.UsesAsync("renamed", 2)).Length.ShouldBe(2);
        (await Client.Datasets.UsesAsync("renamed", 1)).ShouldBeEmpty();
        (await Should.ThrowAsync<ClusteringException>(Client.Jobs.DeleteAsync(job))).Message.ShouldContain("has not ended");
        (await Client.Jobs.DeleteAsync(job, force: true)).ShouldBe("what it had trained so far; nothing was published");
        (await Client.Jobs.FindAsync(job)).ShouldBeNull();
        (await Names(CatalogKinds.Jobs)).ShouldNotContain(job);
        (await Client.Datasets.DeleteAsync("renamed", 0, force: true)).Lost.ShouldHaveSingleItem().Name.ShouldBe("m");

        // The model answers on, and its job's report is the model's.
        string published = (await Client.Models.VersionAsync("m", 1))!.Training.Job;
        (await Client.Jobs.DeleteAsync(published)).ShouldBeEmpty();
        (await Client.Jobs.ListAsync()).ShouldBeEmpty();
        (await Client.Models.VersionAsync("m", 1))!.Training.K.ShouldBe(3);
    }

    [Fact]
    public async Task What_names_a_version_by_an_old_name_goes_on_meaning_it()
    {
        await Client.Import("points", Rows.Clouds(500));
        await Client.Train(Rows.Request("points", "m", 3));
        await Client.Datasets.RenameAsync("points", "renamed");
        (await Client.Datasets.ListAsync()).ShouldHaveSingleItem().Name.ShouldBe("renamed");
        (await Client.Datasets.FindAsync("points", 1))!.Name.ShouldBe("renamed");
        string job = await Client.Jobs.RetrainAsync(new RetrainingOrder { Model = "m", Dataset = "points" });
        (await Client.Finish(job)).State.ShouldBe(JobState.Succeeded);

        // Other rows under the old name are a dataset of their own, whose numbers go on.
        (await Client.Import("points", Rows.Clouds(20))).Version.ShouldBe(2);
        (await Client.Datasets.FindAsync("points"))!.Rows.ShouldBe(20);
        (await Client.Datasets.FindAsync("points", 1))!.Rows.ShouldBe(500);
        (await Should.ThrowAsync<ClusteringException>(Client.Datasets.RenameAsync("renamed", "points"))).Message.ShouldContain("choose another name");
        await Client.Import("another", Rows.Clouds(30));
        (await Should.ThrowAsync<ClusteringException>(Client.Datasets.RenameAsync("another", "renamed"))).Message.ShouldContain(
            "There is a dataset 'renamed' already, whose version 1 has other rows");
        (await Client.Datasets.ListAsync()).Select(dataset => dataset.Name).Order().ShouldBe(["another", "points", "renamed"]);

        // There and back again.
        await Client.Datasets.RenameAsync("another", "wrong");
        (await Client.Datasets.RenameAsync("wrong", "another")).Rows.ShouldBe(30);
        (await Client.Datasets.FindAsync("wrong", 1))!.Name.ShouldBe("another");
    }

    [Fact]
    public async Task Every_shard_says_where_it_came_from()
    {
        float[] values = Rows.Clouds(140_000);
        DatasetVersion first = await Client.Import("points", values[..(2 * 70_000)]);
        await using IDatasetImport import = await Client.Datasets.AppendAsync(first, "more.csv", "ann");
        await import.AppendAsync(MemoryMarshal.AsBytes(values.AsSpan(2 * 70_000)).ToArray(), default, []);
        DatasetVersion second = await import.CommitAsync();
        second.By.ShouldBe("ann");
        List<ShardOrigin> shards = await Client.Datasets.OriginsAsync("points", 2).ToListAsync();
        shards.Select(shard => (shard.Shard, shard.Version, shard.Source, shard.By)).ShouldBe(
            [(0, 1, "test", ""), (1, 2, "more.csv", "ann"), (2, 2, "more.csv", "ann")]);
        (shards.Sum(shard => shard.Rows), shards.Sum(shard => shard.Bytes)).ShouldBe((140_000, second.Bytes));
        shards.Select(shard => shard.Hash).ShouldBeUnique();
    }

    [Fact]
    public async Task Versions_that_a_later_one_begins_with_go_and_no_row_is_lost()
    {
        float[] values = Rows.Clouds(140_000);
        DatasetVersion newest = await Client.Import("points", values[..(2 * 65_000)]);
        foreach (int end in new[] { 65_100, 66_000, 139_000, 140_000 })
        {
            int from = (int)newest.Rows;
            await using IDatasetImport import = await Client.Datasets.AppendAsync(newest, $"to {end}", "ann");
            await import.AppendAsync(MemoryMarshal.AsBytes(values.AsSpan((2 * from)..(2 * end))).ToArray(), default, []);
            newest = await import.CommitAsync();
        }

        // As long as version 1, but its last row is another.
        float[] other = values[..(2 * 65_000)];
        other[^1]++;
        DatasetVersion alone = await Client.Import("points", other);
        await Client.Train(Rows.Request("points", "m", 3) with { DatasetVersion = 2 });
        List<ShardOrigin> origins = await Client.Datasets.OriginsAsync("points", 5).ToListAsync();

        DatasetCompaction told = await Client.Datasets.CompactAsync("points", dryRun: true);
        told.Versions.Select(head => (head.Version, head.Within, head.Rows)).ShouldBe([(1, 2, 65_000L), (3, 4, 66_000L), (4, 5, 139_000L)]);
        told.Kept.ShouldHaveSingleItem().ToString().ShouldBe("model m version 1 was trained on version 2");
        (told.Before.Versions, told.Before.Shards, told.After.Versions, told.After.Shards, told.IsDone).ShouldBe((6, 8, 3, 5, false));
        (await Client.Datasets.HistoryAsync("points")).ShouldAllBe(entry => entry.IsHere());

        DatasetCompaction done = await Client.Datasets.CompactAsync("points");
        (done.Before, done.After, done.IsDone).ShouldBe((told.Before, told.After, true));
        done.After.Bytes.ShouldBe(newest.Bytes + alone.Bytes + (await Client.Datasets.FindAsync("points", 2))!.Bytes);
        (await Client.Datasets.FindAsync("points", 3)).ShouldBeNull();
        (await Client.Datasets.FindAsync("points", 5))!.Manifest.ShouldBe(newest.Manifest);
        newest.Manifest.ShouldBe((await Client.Import("whole", values)).Manifest);
        // Where shards came from is known as before.
        (await Client.Datasets.OriginsAsync("points", 5).ToListAsync()).ShouldBe(origins);
        origins.Select(shard => (shard.Version, shard.Source)).ShouldBe([(3, "to 66000"), (4, "to 139000"), (5, "to 140000")]);

        DatasetCompaction again = await Client.Datasets.CompactAsync("points");
        (again.Versions.Length, again.Kept.Length, again.Before).ShouldBe((0, 1, again.After));
        (await Should.ThrowAsync<ClusteringException>(Client.Datasets.CompactAsync("nothing"))).Message.ShouldBe("There is no dataset 'nothing'.");
    }

    [Fact]
    public async Task Compacting_asks_again_where_what_stays_was_deleted_meanwhile_and_does_not_disturb_an_append()
    {
        DatasetVersion newest = await Client.Import("points", Rows.Clouds(10));
        for (int version = 2; version <= 3; version++)
        {
            await using IDatasetImport more = await Client.Datasets.AppendAsync(newest, "more");
            await more.AppendAsync(new byte[80], default, []);
            newest = await more.CommitAsync();
        }

        await using IDatasetImport import = await Client.Datasets.AppendAsync(newest, "more");
        await import.AppendAsync(new byte[80], default, []);
        (await Client.Datasets.CompactAsync("points")).Versions.Select(head => head.Version).ShouldBe([1, 2]);
        (await import.CommitAsync()).Version.ShouldBe(4);

        var heads = ImmutableArray.Create(new DatasetHead { Version = 3, Within = 4, Rows = 30 });
        await Client.Datasets.DeleteAsync("points", 4);
        (await Should.ThrowAsync<ClusteringException>(_tenant.Grain<IDatasetGrain>("points").Compact(heads))).Message.ShouldBe(
            "Version 4 of the dataset 'points' was deleted meanwhile. Nothing was changed: compact it again.");
        (await Client.Datasets.FindAsync("points"))!.Version.ShouldBe(3);
    }

    [Fact]
    public async Task A_copy_has_the_same_numbers()
    {
        for (int rows = 10; rows <= 13; rows++)
            await Client.Import("points", Rows.Clouds(rows));
        await Client.Datasets.DeleteAsync("points", 2);
        await Client.Datasets.DeleteAsync("points", 3);
        ClusteringClient there = shared.NewTenant().Client();
        (DatasetVersion newest, int copied) = await Client.CopyDatasetAsync("points", there);
        (newest.Version, newest.Rows, copied).ShouldBe((4, 13, 2));
        (await there.Datasets.FindAsync("points", 2)).ShouldBeNull();
        (await Client.CopyDatasetAsync("points", there)).Copied.ShouldBe(0);
    }
}
