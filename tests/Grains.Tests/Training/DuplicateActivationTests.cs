using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Training;
using static OrleansCluster.Grains.Tests.Training.CrashedJob;

namespace OrleansCluster.Grains.Tests.Training;

/// <summary>Two activations of one grain at a time, in two clusters over one storage: steps are pure, and the ETag decides who writes.</summary>
public sealed class DuplicateActivationTests(ImportedHome imported) : IClassFixture<ImportedHome>
{
    [Fact]
    public async Task Two_coordinators_of_one_job_publish_one_version_of_the_same_bits()
    {
        (string digest, _) = await Undisturbed(imported);
        using var home = new TemporaryHome();
        imported.CopyTo(home.Path);
        using var first = new TemporaryHome();
        using var second = new TemporaryHome();
        var stores = new SharedStores(home.Path);
        await using ClusterFixture one = await ClusterFixture.StartAsync(Setup(first.Path) with { Shared = stores });
        await using ClusterFixture two = await ClusterFixture.StartAsync(Setup(second.Path) with { Shared = stores });

        // They begin together, and go on together after each conflict until both know the end.
        await Task.WhenAll(StartAsync(one), StartAsync(two));
        for (int round = 0; !(await Task.WhenAll(EndsAsync(one), EndsAsync(two))).All(ended => ended); round++)
        {
            round.ShouldBeLessThan(50);
            // One of them alone comes to the end in any case.
            await GoOnAsync(one);
            if (round < 3 || await EndsAsync(one))
                await GoOnAsync(two);
        }

        using var third = new TemporaryHome();
        await using ClusterFixture reader = await ClusterFixture.StartAsync(Setup(third.Path) with { Shared = stores });
        (await reader.Client().Models.FindAsync("model"))!.Versions.ShouldHaveSingleItem().Facts.Digest.ShouldBe(digest);
        (await reader.Client().Jobs.FindAsync(JobId))!.State.ShouldBe(JobState.Succeeded);
    }

    [Fact]
    public async Task Of_two_activations_of_a_model_the_one_that_knows_less_is_refused_and_reads_again()
    {
        using var home = new TemporaryHome();
        imported.CopyTo(home.Path);
        using var first = new TemporaryHome();
        using var second = new TemporaryHome();
        var stores = new SharedStores(home.Path);
        await using ClusterFixture one = await ClusterFixture.StartAsync(Setup(first.Path) with { Shared = stores });
        await using ClusterFixture two = await ClusterFixture.StartAsync(Setup(second.Path) with { Shared = stores });
        await one.Client().Train(CrashedRequest);
        ModelInfo seen = (await two.Client().Models.FindAsync("model"))!.Info;
        await one.Client().Models.SetAliasAsync("model", Change(seen), "live", 1);

        // The second one's activation still has what it read; its write is refused, and whoever asks again is told what happened.
        (await two.Client().Models.FindAsync("model"))!.Info.Aliases.ShouldBeEmpty();
        (await Should.ThrowAsync<ClusteringException>(
            two.Client().Models.TagAsync("model", Change(seen), 1, [new ModelTag { Key = "by", Value = "two" }]))).Message.ShouldContain("live");
        ModelInfo read = (await two.Client().Models.FindAsync("model"))!.Info;
        read.Aliases.ShouldHaveSingleItem().Name.ShouldBe("live");
        await two.Client().Models.TagAsync("model", Change(read), 1, [new ModelTag { Key = "by", Value = "two" }]);

        // And the other way round.
        (await Should.ThrowAsync<ClusteringException>(one.Client().Models.RemoveAliasAsync("model", Change(read), "live"))).Message.ShouldContain("tag");
        (await one.Client().Models.FindAsync("model"))!.Info.Aliases.ShouldHaveSingleItem();
    }

    private static async Task StartAsync(ClusterFixture cluster)
    {
        try
        {
            await Job(cluster).Start(CrashedRequest);
        }
        catch (Exception e) when (e is ClusteringException or OrleansException or TimeoutException)
        {
            // The other one was first.
        }
    }

    private static async Task GoOnAsync(ClusterFixture cluster)
    {
        try
        {
            await cluster.Client().Jobs.ResumeAsync(JobId);
        }
        catch (ClusteringException e) when (e.Message.Contains("There is no job", StringComparison.Ordinal))
        {
            // It began before the other one wrote the job down. Asked to start the same, its write is refused, and it reads again.
            await StartAsync(cluster);
        }
    }

    private static async Task<bool> EndsAsync(ClusterFixture cluster)
    {
        try
        {
            return (await cluster.Client().Finish(JobId)).State == JobState.Succeeded;
        }
        catch (ClusteringException)
        {
            // An activation that began before the other one wrote the job down knows none.
            return false;
        }
    }

    private static ModelChange Change(ModelInfo info) => new() { Id = Guid.NewGuid().ToString("n"), By = "test", Expected = info.Revision };
}
