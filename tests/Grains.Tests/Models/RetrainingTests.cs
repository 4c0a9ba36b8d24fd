using OrleansCluster.Client;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Models;

/// <summary>Models that are trained again, one job at a time.</summary>
public sealed class RetrainingTests : IAsyncLifetime
{
    private readonly TemporaryHome _home = new();
    private ClusterFixture _cluster = null!;
    private ClusteringClient _client = null!;

    private static RetrainingOrder Order => new() { Model = "m", Dataset = "points", By = "night" };

    public async ValueTask InitializeAsync()
    {
        await Start(null);
        await _client.Import("points", Rows.Clouds(4000));
        await _client.Train(Rows.Request("points", "m", restarts: 3));
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task From_the_champion_the_same_rows_give_the_same_model_with_the_same_labels()
    {
        await _client.Train(Rows.Request("points", "m", restarts: 1, seed: 99));
        await _client.Models.SetAliasAsync("m", _client.Models.Change(await Info()), ModelReference.Champion, 1);
        TrainingReport champion = (await _client.Models.VersionAsync("m", 1))!.Training, report = await Finish(await _client.Jobs.RetrainAsync(Order));
        (report.Version, report.Retraining, report.Digest).ShouldBe((3, RetrainingKind.Warm, champion.Digest));
        (report.Restarts.ShouldHaveSingleItem().Iterations, report.Stop).ShouldBe((1, "converged"));
        report.Options.ShouldBe(champion.Options);
        ModelVersion version = (await _client.Models.VersionAsync("m", 3))!;
        (version.Parent, version.By).ShouldBe((1, "night"));
        (await _client.Models.AlignmentAsync("m", 3))!.Churn.ShouldBe(0);
        report.Clusters.Select(cluster => cluster.Label).ShouldBe(champion.Clusters.Select(cluster => cluster.Label));
    }

    [Fact]
    public async Task Afresh_it_starts_as_the_options_say_with_another_seed()
    {
        TrainingReport again = await Finish(await _client.Jobs.RetrainAsync(Order with { Fresh = true, Seed = 5, Restarts = 2 }));
        TrainingReport same = await _client.Train(Rows.Request("points", "other", restarts: 2, seed: 5));
        (again.Digest, again.Retraining).ShouldBe((same.Digest, RetrainingKind.Fresh));
        again.Restarts.Length.ShouldBe(2);
    }

    [Fact]
    public async Task A_mixture_goes_on_from_its_parameters()
    {
        var request = new TrainingRequest
        {
            Dataset = "points",
            Model = "m2",
            Options = new MixtureOptions { K = 4, Seed = 2, MaxIterations = 5, Tolerance = 0 }
        };
        TrainingReport first = await _client.Train(request);
        TrainingReport second = await Finish(await _client.Jobs.RetrainAsync(Order with { Model = "m2" }));
        TrainingReport whole = await _client.Train(request with { Model = "m3", Options = request.Mixture() with { MaxIterations = 10 } });
        second.Digest.ShouldBe(whole.Digest);
        second.Objective.ShouldBeGreaterThan(first.Objective);
    }

    [Fact]
    public async Task A_second_retraining_is_refused_naming_the_first_until_that_has_ended_whatever_crashes()
    {
        await _client.Import("many", Rows.Clouds(200_000, clouds: 40));
        string first = await _client.Jobs.RetrainAsync(Order with { Fresh = true, Dataset = "many", Restarts = 200 });
        await Refused(_client.Jobs.RetrainAsync(Order), $"by job {first}");
        (await _client.Jobs.SuspendAsync(first)).State.ShouldBe(JobState.Interrupted);
        await Refused(_client.Jobs.RetrainAsync(Order), $"by job {first}");
        await _cluster.KillAsync();
        await Start(null);
        await Refused(_client.Jobs.RetrainAsync(Order), $"by job {first}");
        // An ordinary training is nobody's retraining, and other models are not concerned.
        await _client.Train(Rows.Request("points", "m", restarts: 1));
        await _client.Jobs.CancelAsync(first);
        (await Finish(await _client.Jobs.RetrainAsync(Order))).Version.ShouldBe(3);
        (await Finish(await _client.Jobs.RetrainAsync(Order))).Version.ShouldBe(4);
        (await _client.Models.EventsAsync("m").ToListAsync()).Select(e => e.Kind).ShouldAllBe(kind => kind == ModelEvents.Published);
    }

    [Fact]
    public async Task Killed_at_any_write_a_retraining_ends_with_the_same_bits_and_one_version()
    {
        string expected = (await Finish(await _client.Jobs.RetrainAsync(Order with { Fresh = true, Seed = 6 }))).Digest;
        for (int write = 1; write <= 14; write++)
        {
            var faults = new WriteFaults { FailFrom = write };
            await Restart(faults);
            string? job = null;
            try
            {
                job = await Grain(_cluster, "night-" + write).Start(Request()) is { } status ? status.Id : null;
                await _client.Finish(job!);
            }
            catch (Exception e) when (e is ClusteringException or OrleansException or IOException)
            {
                // It was not even started.
            }

            await _cluster.KillAsync();
            await Start(null);
            await Grain(_cluster, "night-" + write).Start(Request());
            await _client.Jobs.ResumeAsync("night-" + write);
            JobStatus end = await _client.Finish("night-" + write);
            end.State.ShouldBe(JobState.Succeeded, $"killed at write {write}: {end.Error}");
            (await _client.Jobs.ReportAsync("night-" + write))!.Digest.ShouldBe(expected, $"killed at write {write}");
            (await Info()).Newest.ShouldBe(2 + write);
        }

        TrainingRequest Request() => Rows.Request("points", "m", restarts: 3, seed: 6) with { Parent = 1, By = "night", Retraining = RetrainingKind.Fresh };
    }

    [Fact]
    public async Task Orders_that_cannot_be_carried_out_are_refused_before_any_work()
    {
        await _client.Import("wide", Rows.Clouds(100, columns: 3), columns: 3);
        await Refused(_client.Jobs.RetrainAsync(Order with { Model = "nothing" }), "no model 'nothing'");
        await Refused(_client.Jobs.RetrainAsync(Order with { Dataset = "nothing" }), "no dataset 'nothing'");
        await Refused(_client.Jobs.RetrainAsync(Order with { Dataset = "wide" }), "has the columns x1, x2, these rows have x1, x2, x3");
        await Refused(_client.Jobs.RetrainAsync(Order with { Restarts = 3 }), "Restarts are for a fresh retraining");
        await Refused(Task.Run(() => _client.Jobs.RetrainAsync(Order with { Model = "../m" })), "contains '/'");
        // None of them holds the model.
        (await Finish(await _client.Jobs.RetrainAsync(Order))).Version.ShouldBe(2);
    }

    private static ITrainingGrain Grain(ClusterFixture cluster, string job) => cluster.Grains.GetGrain<ITrainingGrain>($"default/{job}");

    private async Task Start(WriteFaults? faults)
    {
        _cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = _home.Path, Faults = faults });
        _client = _cluster.Client();
    }

    private async Task Restart(WriteFaults faults)
    {
        await _cluster.DisposeAsync();
        await Start(faults);
    }

    private async Task<ModelInfo> Info() => (await _client.Models.FindAsync("m"))!.Info;

    private async Task<TrainingReport> Finish(string job)
    {
        JobStatus end = await _client.Finish(job);
        end.State.ShouldBe(JobState.Succeeded, end.Error);
        return (await _client.Jobs.ReportAsync(job))!;
    }

    private static async Task Refused(Task call, string why) => (await Should.ThrowAsync<ClusteringException>(call)).Message.ShouldContain(why);
}
