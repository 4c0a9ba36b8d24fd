using OrleansCluster.Client;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Training;
using static OrleansCluster.Grains.Tests.Training.CrashedJob;

namespace OrleansCluster.Grains.Tests.Training;

/// <summary>
/// A process that ends at any write of a job, and another one that goes on with it: the same bits and one version. Two classes, so that they run side by
/// side.
/// </summary>
public abstract class KilledAtAnyWrite(ImportedHome imported) : IClassFixture<ImportedHome>
{
    protected async Task Check(bool writeTakesEffect)
    {
        (string digest, int writes) = await Undisturbed(imported);
        writes.ShouldBeGreaterThan(10);
        for (int write = 1; write <= writes; write += 1 + (write / 12))
        {
            using var crashed = new TemporaryHome();
            imported.CopyTo(crashed.Path);
            await RunUntilWriteFails(crashed.Path, new WriteFaults { FailFrom = write, FirstTakesEffect = writeTakesEffect });

            await using ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(crashed.Path));
            ClusteringClient client = cluster.Client();
            await Job(cluster).Start(CrashedRequest);
            await client.Jobs.ResumeAsync(JobId);
            JobStatus end = await client.Finish(JobId);
            end.State.ShouldBe(JobState.Succeeded, $"killed at write {write}: {end.Error}");
            (await client.Jobs.ReportAsync(JobId))!.Digest.ShouldBe(digest, $"killed at write {write}");
            (await client.Models.FindAsync("model"))!.Versions.ShouldHaveSingleItem();
        }
    }
}

/// <summary>The write at which the process ends is lost.</summary>
public sealed class KilledAtAnyLostWriteTests(ImportedHome imported) : KilledAtAnyWrite(imported)
{
    [Fact]
    public Task Killed_at_any_write_that_is_lost_and_gone_on_with_gives_the_same_bits_and_one_version() => Check(writeTakesEffect: false);
}

/// <summary>The write at which the process ends is there, but nobody was told.</summary>
public sealed class KilledAtAnyUntoldWriteTests(ImportedHome imported) : KilledAtAnyWrite(imported)
{
    [Fact]
    public Task Killed_at_any_write_that_takes_effect_and_gone_on_with_gives_the_same_bits_and_one_version() => Check(writeTakesEffect: true);
}
