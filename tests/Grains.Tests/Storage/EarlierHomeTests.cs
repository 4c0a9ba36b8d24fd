using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Models.Gates;
using OrleansCluster.Serving;
using OrleansCluster.Silo;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Storage;

/// <summary>
/// A home that version 0.1.0 wrote: a dataset of 418 places, k-means with aliases, a route, a policy and a named cluster, mixtures, a choice of a number,
/// a job that was cancelled and one whose process was killed. What is asked for here is what version 0.1.0 answered.
/// </summary>
public sealed class EarlierHomeTests : IAsyncLifetime
{
    /// <summary>Longitude and latitude of Paris, Lagos, Mumbai, Tokyo, Sydney, São Paulo and Vancouver.</summary>
    private static readonly double[] Cities =
        [2.3522, 48.8566, 3.3792, 6.5244, 72.8777, 19.0760, 139.6503, 35.6762, 151.2093, -33.8688, -46.6333, -23.5505, -123.1207, 49.2827];

    private readonly TemporaryHome _home = new();
    private ClusterHost? _host;

    private ClusteringClient Client => new(_host!.Grains);

    private static RowsPayload Rows => new() { Precision = "f8", Columns = 2, Values = MemoryMarshal.AsBytes(Cities.AsSpan()).ToArray() };

    public async ValueTask InitializeAsync()
    {
        using Stream packed = typeof(EarlierHomeTests).Assembly.GetManifestResourceStream("home-0.1.0.tar.gz")!;
        using var unpacked = new GZipStream(packed, CompressionMode.Decompress);
        await TarFile.ExtractToDirectoryAsync(unpacked, _home.Path, overwriteFiles: false);
        _host = await ClusterHost.StartAsync(new ClusterHostOptions { Home = _home.Path });
    }

    public async ValueTask DisposeAsync()
    {
        await _host!.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task Datasets_models_and_jobs_are_listed()
    {
        DatasetVersion dataset = (await Client.Datasets.ListAsync()).ShouldHaveSingleItem();
        (dataset.Name, dataset.Rows).ShouldBe(("timezones", 418));
        (await Client.Models.ListAsync()).Select(model => (model.Name, model.Versions.Length)).ShouldBe([("init", 1), ("places", 2), ("timezones", 3)]);
        (await Client.Jobs.ListAsync()).CountBy(job => job.State).OrderBy(state => state.Key).ShouldBe(
            [new(JobState.Succeeded, 6), new(JobState.Cancelled, 1), new(JobState.Interrupted, 1)], ignoreOrder: true);

        ModelVersion newest = (await Client.Models.VersionAsync("timezones", 3))!;
        newest.Training.Digest.ShouldBe("e30eccdfb3f1d3f76bd1978c77c14b6aefd6b663b40ed09b218e6d981b1d5cd9");
        (await Client.Models.ResolveAsync(ModelReference.Parse("timezones@candidate")))!.Version.ShouldBe(2);
        (await Client.Models.ResolveAsync(ModelReference.Parse("timezones@champion")))!.Version.ShouldBe(3);
        (await Client.Models.PolicyAsync("timezones"))!.Rules.Length.ShouldBe(2);
        (await Client.Models.AlignmentAsync("timezones", 3)).ShouldNotBeNull();
        (await Client.Models.EventsAsync("timezones").CountAsync()).ShouldBe(10);
    }

    [Fact]
    public async Task Rows_get_the_labels_distances_and_densities_that_they_got()
    {
        Assignments kmeans = await Client.Models.AssignAsync("timezones", 1, Rows);
        Fixtures.Rows.Labels(kmeans.Labels).ShouldBe([1, 1, 5, 5, 4, 2, 3]);
        double[] distances = [28.0042, 27.2768, 33.5683, 37.2976, 15.2504, 21.4663, 28.1591];
        Fixtures.Rows.Doubles(kmeans.Distances).Zip(distances).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 5e-5);

        Scores mixture = await Client.Models.ScoreAsync("places", new ScoreQuery { Version = 2, Rows = Rows, Top = 1 });
        double[] densities = [-10.0089, -10.0208, -10.6248, -10.9678, -11.3069, -10.9875, -10.9244];
        Fixtures.Rows.Doubles(mixture.LogDensities).Zip(densities).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 5e-5);
        Fixtures.Rows.Labels(mixture.Components).ShouldBe([1, 1, 1, 2, 2, 0, 0]);
    }

    [Fact]
    public async Task A_job_that_lost_its_process_then_is_finished_now_with_the_same_bits()
    {
        await Client.Jobs.ResumeAsync("mg4qg3skj9");
        JobStatus end = await Client.Finish("mg4qg3skj9");
        end.State.ShouldBe(JobState.Succeeded, end.Error);
        (await Client.Jobs.ReportAsync("mg4qg3skj9"))!.Digest.ShouldBe("8f4a4ec4d89a2834ab77055abaab13bca5f7933d0e01e9efb85b1bcf9f760cb3");
    }

    [Fact]
    public async Task A_model_is_retrained_from_its_champion_and_judged_by_its_policy()
    {
        string job = await Client.Jobs.RetrainAsync(new RetrainingOrder { Model = "timezones", Dataset = "timezones" });
        JobStatus end = await Client.Finish(job);
        end.State.ShouldBe(JobState.Succeeded, end.Error);
        TrainingReport report = (await Client.Jobs.ReportAsync(job))!;
        report.Digest.ShouldBe("e30eccdfb3f1d3f76bd1978c77c14b6aefd6b663b40ed09b218e6d981b1d5cd9");
        // Every rule passes; a model with a route is promoted by hand.
        (report.Version, report.Gate!.Verdict).ShouldBe((4, GateVerdicts.Challenger));
        report.Gate.Outcomes.Select(outcome => outcome.Passed).ShouldBe([true, true]);
        (await Client.Models.AlignmentAsync("timezones", 4))!.From.ShouldBe(3);
    }
}
