using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Models.Routing;
using OrleansCluster.Serving;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Grains.Tests.Models.Laws;

/// <summary>A cluster that is killed and started again on one home, with trained parameters to publish and rows to ask about.</summary>
internal sealed class RegistryWorld : IAsyncDisposable
{
    private const int AskedRows = 200;

    private readonly TemporaryHome _home = new();
    private readonly RowsPayload _rows = new()
    {
        Precision = "f4",
        Columns = 2,
        Values = MemoryMarshal.AsBytes<float>(Rows.Clouds(AskedRows)).ToArray(),
        Keys = RowKeys.Of([.. Enumerable.Range(0, AskedRows).Select(i => i.ToString(CultureInfo.InvariantCulture))]),
    };

    private ClusterFixture _cluster = null!;
    private int _models;

    public ShiftedTime Time { get; } = new();

    public WriteFaults Faults { get; private set; } = null!;

    /// <summary>Versions of another model, whose parameters are published.</summary>
    public ImmutableArray<ModelVersion> Sources { get; private set; }

    public ClusteringClient Client => _cluster.Client();

    public static async Task<RegistryWorld> StartAsync()
    {
        var world = new RegistryWorld();
        // Orleans takes the age of activations from this clock and from its own, and refuses ages in the future: histories begin in the past.
        world.Time.Advance(TimeSpan.FromDays(-30));
        await world.StartClusterAsync();
        await world.Client.Import("points", Rows.Clouds(400));
        for (int k = 3; k <= 6; k++)
            await world.Client.Train(Rows.Request("points", "source", k, restarts: 1, seed: (ulong)k));
        world.Sources = [.. await Task.WhenAll(Enumerable.Range(1, 4).Select(async version => (await world.Client.Models.VersionAsync("source", version))!))];
        return world;
    }

    public string NewModel() => $"m{++_models}";

    public IModelGrain Model(string name) => _cluster.Grains.GetGrain<IModelGrain>(GrainKeys.For("default", name));

    public Task<ModelVersion> Publish(string model, ModelVersion source, string job) => Model(model).Publish(new ModelPublication
    {
        Report = source.Training with { Job = job, Model = model },
        Parameters = source.Parameters,
        By = "law",
    });

    /// <summary>The version that answers each row and its label there.</summary>
    /// <param name="model">Its name.</param>
    /// <param name="version">0: the bare name.</param>
    public async Task<(int[] Versions, int[] Labels)> Ask(string model, int version = 0)
    {
        Assignments answer = await Client.Models.AssignAsync(model, version, _rows);
        int[] versions = answer.Versions.IsEmpty ? [.. Enumerable.Repeat(answer.Version, AskedRows)] : Rows.Labels(answer.Versions);
        return (versions, Rows.Labels(answer.Labels));
    }

    /// <summary>Forgets what an earlier history left to fail.</summary>
    public async Task CalmAsync()
    {
        Faults.FailFrom = 0;
        if (Faults.Reached.IsCompleted)
            await CrashAsync();
    }

    public async Task CrashAsync()
    {
        await _cluster.KillAsync();
        await StartClusterAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _home.Dispose();
    }

    private async Task StartClusterAsync()
    {
        Faults = new WriteFaults();
        _cluster = await ClusterFixture.StartAsync(new ClusterSetup
        {
            Home = _home.Path,
            Faults = Faults,
            Time = Time,
            Serving = options => options.RouteLease = TimeSpan.Zero,
        });
    }
}
