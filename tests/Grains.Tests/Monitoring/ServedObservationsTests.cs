using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrleansCluster.Client;
using OrleansCluster.Contracts.Api;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Grains.Tests.Preparation;
using OrleansCluster.Monitoring;
using OrleansCluster.Serving;
using OrleansCluster.Tenancy;

namespace OrleansCluster.Grains.Tests.Monitoring;

/// <summary>What models are asked, observed where it is answered.</summary>
public sealed class ServedObservationsTests(SharedCluster shared)
{
    private const string Steps = "impute=median,scale=standard:age+income,onehot=country:3,cycle=hour:joined";

    private readonly SharedCluster.Tenant _tenant = shared.NewTenant();
    private readonly ManualTime _time = new();
    private readonly ObservingOptions _options = new() { Observe = true };

    [Fact]
    public async Task Rows_that_were_asked_about_are_in_the_window_of_their_hour_like_rows_that_are_given()
    {
        ClusteringClient client = await TrainedAsync();
        ServedObservations observations = Observations();
        double[] values = PreparedTable.Values(600, seed: 2);
        for (int i = 0; i < 6; i++)
            observations.Note(Key, 1, 100, PreparedTable.Question(values[(500 * i)..(500 * (i + 1))], PreparedTable.Countries));
        (await observations.FlushAsync(all: false)).ShouldBeNull();
        (await client.Monitor.WindowsAsync("m")).ShouldBeEmpty("A part is told once a minute.");
        _time.Advance(TimeSpan.FromMinutes(1));
        (await observations.FlushAsync(all: false)).ShouldBeNull();
        ObservedWindow window = (await client.Monitor.WindowsAsync("m")).ShouldHaveSingleItem();
        (window.Name, window.Version, window.Rows, window.IsServed).ShouldBe(("2024-01-01T00", 1, 600, true));
        await client.Monitor.KeepAsync("m", "given", await client.Monitor.ObserveAsync(
            "m", new ObserveQuery { Version = 1, Rows = PreparedTable.Question(values, PreparedTable.Countries) }));
        (DriftDocument served, DriftDocument given) = (await CompareAsync(client, window.Name), await CompareAsync(client, "given"));
        served.Columns.Select(Figures).ShouldBe(given.Columns.Select(Figures));
        served.ClusterShares.Select(share => share.Rows).ShouldBe(given.ClusterShares.Select(share => share.Rows));
    }

    [Fact]
    public async Task The_hour_ends_the_window_and_the_end_of_the_silo_tells_what_is_left()
    {
        ClusteringClient client = await TrainedAsync();
        ServedObservations observations = Observations();
        observations.Note(Key, 1, 100, Question(100));
        await observations.FlushAsync(all: false);
        _time.Advance(TimeSpan.FromHours(1));
        observations.Note(Key, 1, 100, Question(50));
        await observations.FlushAsync(all: false);
        (await client.Monitor.WindowsAsync("m")).Select(one => (one.Name, one.Rows)).ShouldBe([("2024-01-01T00", 100L)]);
        observations.Note(Key, 1, 100, Question(7));
        await observations.FlushAsync(all: true);
        (await client.Monitor.WindowsAsync("m")).Select(one => (one.Name, one.Rows)).ShouldBe([("2024-01-01T00", 100), ("2024-01-01T01", 57)]);
    }

    [Fact]
    public async Task Many_rows_are_sampled_and_versions_that_cannot_be_observed_are_left_alone()
    {
        ClusteringClient client = await TrainedAsync();
        ServedObservations observations = Observations();
        for (int i = 0; i < 20; i++)
            observations.Note(Key, 1, 100, Question(1000));
        // Costly rows are fewer.
        observations.Note(GrainKeys.For(_tenant.Name, "none"), 1, 1e6, Question(1000));
        (await observations.FlushAsync(all: true)).ShouldBeNull();
        (await client.Monitor.WindowsAsync("m")).ShouldHaveSingleItem().Rows.ShouldBeInRange(ServedObservations.SampleRows / 2, ServedObservations.SampleRows);
        (await client.Monitor.WindowsAsync("none")).ShouldBeEmpty();
    }

    [Fact]
    public void No_more_versions_are_observed_than_memory_is_for()
    {
        ServedObservations observations = Observations();
        for (int version = 1; version <= ServedObservations.MostVersions + 3; version++)
            observations.Note(Key, version, 100, Question(2));
        observations.PassedOver.ShouldBe(6);
        _options.Observe = false;
        observations.Note(Key, ServedObservations.MostVersions + 9, 100, Question(2));
        observations.PassedOver.ShouldBe(6);
    }

    [Fact]
    public async Task A_part_of_a_silo_that_is_told_twice_counts_once_and_windows_that_are_given_outlive_it()
    {
        ClusteringClient client = await TrainedAsync();
        IMonitorGrain monitor = _tenant.Grain<IMonitorGrain>("m");
        Observation seen = await client.Monitor.ObserveAsync("m", new ObserveQuery { Version = 1, Rows = Question(10) });
        await client.Monitor.KeepAsync("m", "given", seen);
        WindowPart part = new() { Id = "1", Window = "w", Observation = seen, Teller = "one" };
        await monitor.Keep(part);
        for (int id = 1; id <= 40; id++)
            await monitor.Keep(part with { Teller = "other", Id = $"{id}" });
        (await monitor.Keep(part)).Rows.ShouldBe(410);
        (await monitor.Keep(part with { Id = "2" })).Parts.Length.ShouldBe(2);
        (await monitor.Windows()).Select(window => (window.Name, window.IsServed)).ShouldBe([("given", false), ("w", true)]);
    }

    private string Key => GrainKeys.For(_tenant.Name, "m");

    private ServedObservations Observations() => new(
        _tenant.Grains, _tenant.Silo, _time, Options.Create(_options), NullLogger<ServedObservations>.Instance);

    private async Task<ClusteringClient> TrainedAsync()
    {
        ClusteringClient client = _tenant.Client();
        await PreparedTable.Import(client, "people", PreparedTable.Values(600));
        await client.Train(PreparedTable.Request("people", "m", Steps));
        return client;
    }

    private static RowsPayload Question(int rows) => PreparedTable.Question(PreparedTable.Values(rows, seed: 5), PreparedTable.Countries);

    private static async Task<DriftDocument> CompareAsync(ClusteringClient client, string window) => JsonSerializer.Deserialize(
        (await client.Monitor.CompareAsync("m", new DriftQuery { Version = 1, Window = window })).Document.Span, ApiJson.Default.DriftDocument)!;

    private static (string Name, double? ChiSquare, double Missing, double Outside) Figures(DriftFiguresDocument figures) =>
        (figures.Name, figures.ChiSquare, figures.Missing.Now, figures.Outside.Now);
}
