using OrleansCluster.Client;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Models.Gates;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Monitoring;

/// <summary>What the log tells: whose job and model it is, from its beginning to its end.</summary>
public sealed class LogTests : IAsyncLifetime
{
    private readonly TemporaryHome _home = new();
    private readonly LogLines _log = new();
    private readonly WriteFaults _faults = new();
    private ClusterFixture _cluster = null!;
    private ClusteringClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = _home.Path, Log = _log, Faults = _faults });
        _client = _cluster.Client();
        await _client.Import("points", Rows.Clouds(2_000));
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task A_training_from_its_beginning_to_its_version()
    {
        TrainingReport report = await _client.Train(Rows.Request("points", "m"));
        string job = $"Job {report.Job} of model m (tenant default)";
        // The beginning is told by a call, and the rest by the run beside it.
        string[] lines = [.. _log.All.Where(line => line.Contains(report.Job, StringComparison.Ordinal))];
        lines.ShouldContain($"Information {job} begins: kmeans on points version 1, 2000 rows in 1 shards on 1 silos");
        string[] phases = [.. lines.Where(line => line.Contains(", restart ", StringComparison.Ordinal))];
        phases[0].ShouldBe($"Information {job}: init, restart 0");
        phases.ShouldContain($"Information {job}: iterate, restart 0");
        phases.ShouldContain($"Information {job}: iterate, restart 1");
        lines[^1].ShouldBe($"Information {job} succeeded: version 1");
        _log.All.ShouldContain(line => line.StartsWith("Information Model m (tenant default) is at revision 1: somebody published "
            + "version 1 at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_refused_and_what_fails_with_the_reason()
    {
        await Should.ThrowAsync<ClusteringException>(_client.Jobs.StartAsync(Rows.Request("points", "m", k: 3000)));
        _log.All.ShouldContain(line => line.StartsWith("Warning Job ", StringComparison.Ordinal)
            && line.Contains(" for model m (tenant default) is refused: k is 3000", StringComparison.Ordinal));

        string job = await _client.Jobs.StartAsync(
            Rows.Request("points", "m") with { Options = new KMeansOptions { K = 2, Restarts = 1_000_000, Tolerance = 0 } });
        await _client.Jobs.CancelAsync(job);
        _log.All.ShouldContain($"Information Job {job} of model m (tenant default) was cancelled");

        _faults.FailFrom = _faults.Writes + 5;
        string interrupted = await _client.Jobs.StartAsync(Rows.Request("points", "m"));
        await _faults.Reached;
        await _client.Finish(interrupted);
        _faults.FailFrom = 0;
        _log.All.ShouldContain(line => line.StartsWith($"Warning Job {interrupted} of model m (tenant default) is interrupted: ", StringComparison.Ordinal));
        await _client.Jobs.ResumeAsync(interrupted);
        (await _client.Finish(interrupted)).State.ShouldBe(JobState.Succeeded);
        _log.All.ShouldContain(line => line.Contains($"Job {interrupted} of model m (tenant default) goes on from ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_changed_a_model_and_what_its_policy_said()
    {
        await _client.Train(Rows.Request("points", "m"));
        ModelInfo seen = (await _client.Models.FindAsync("m"))!.Info;
        seen = await _client.Models.SetAliasAsync("m", _client.Models.Change(seen, "ann", "it is good"), "champion", 1);
        _log.All.ShouldContain(line => line.StartsWith("Information Model m (tenant default) is at revision 2: ann pointed 'champion' to "
            + "version 1", StringComparison.Ordinal)
            && line.EndsWith(" (it is good)", StringComparison.Ordinal));
        await _client.Models.SetPolicyAsync("m", _client.Models.Change(seen),
            new GatePolicy { Rules = [new GateRule { Metric = GateMetrics.Size, Limit = 1e9 }] });
        TrainingReport second = await _client.Train(Rows.Request("points", "m", k: 2));
        _log.All.ShouldContain($"Information Model m (tenant default): version 2 of job {second.Job} is challenger by the model's policy: 0 of 1 rules passed");
    }
}
