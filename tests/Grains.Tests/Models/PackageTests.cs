using System.Text.Json;
using OrleansCluster.Client;
using OrleansCluster.Contracts;
using OrleansCluster.Datasets;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Serving;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Models;

/// <summary>A version as one thing: what its package says, and that serving needs nothing else.</summary>
public sealed class PackageTests : IAsyncLifetime
{
    private readonly TemporaryHome _home = new();
    private readonly float[] _rows = Rows.Clouds(100_000);
    private ClusterFixture _cluster = null!;
    private ClusteringClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = _home.Path, Threads = 2 });
        _client = _cluster.Client();
        await _client.Import("points", _rows);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task It_says_what_rows_must_be_like_where_the_version_comes_from_and_what_its_rows_look_like()
    {
        TrainingReport first = await _client.Train(Rows.Request("points", "m"));
        TrainingReport second = await _client.Train(Rows.Request("points", "m", k: 6));
        ModelVersion version = (await _client.Models.VersionAsync("m", 2))!;
        ModelPackage read = (await _client.Models.PackageAsync("m", 2))!;
        (read.Hash, version.Package.Length).ShouldBe((version.Package, 64));
        PackageDocument package = JsonSerializer.Deserialize(read.Manifest.Span, ContractJson.Default.PackageDocument)!;
        (package.FormatVersion, package.Tenant, package.Model, package.Version, package.Family, package.K).ShouldBe((1, "default", "m", 2, "kmeans", 6));
        (package.Preparation.Version, package.Preparation.Steps.Length).ShouldBe((1, 0));
        (package.Parameters.Hash, package.Parameters.Digest).ShouldBe((version.Parameters, second.Digest));
        package.Labels.ShouldBe(second.Clusters.Select(cluster => cluster.Label));
        (package.Training.Job, package.Training.Dataset, package.Training.DatasetVersion, package.Training.Rows, package.Training.Parent)
            .ShouldBe((second.Job, "points", 1, 100_000, 1));
        for (int j = 0; j < 2; j++)
        {
            float[] column = Column(j);
            (package.Schema.Columns[j].Name, package.Schema.Columns[j].Type).ShouldBe(($"x{j + 1}", "number"));
            (package.Schema.Columns[j].Minimum, package.Schema.Columns[j].Maximum).ShouldBe((column.Min(), column.Max()));
        }

        ProfileFile file = JsonSerializer.Deserialize(read.Profile.Span, ContractJson.Default.ProfileFile)!;
        (file.Tenant, file.Model, file.Job, file.Profile.Rows).ShouldBe(("default", "m", second.Job, 100_000));
        file.Profile.Clusters.ShouldBe(second.Clusters.Select(cluster => cluster.Size));
        for (int j = 0; j < 2; j++)
        {
            ColumnProfileDocument profile = file.Profile.Columns[j];
            float[] column = Column(j);
            profile.Mean.ShouldBe(column.Average(value => (double)value), 1e-9);
            profile.StandardDeviation.ShouldBe(Math.Sqrt(column.Average(value => (value - profile.Mean) * (value - profile.Mean))), 1e-9);
            double width = (profile.Maximum - profile.Minimum) / 64;
            profile.Counts.ShouldBe(Enumerable.Range(0, 64)
                .Select(bin => (long)column.Count(value => Math.Clamp((int)((value - profile.Minimum) / width), 0, 63) == bin)));
        }

        ScoreProfileDocument distances = file.Profile.Scores.ShouldHaveSingleItem();
        (distances.Name, distances.Counts.Sum()).ShouldBe(("distance", 100_000));
        // The mean squared distance lies between what the bins' edges allow.
        double greatest = distances.Edges.Zip(distances.Counts).Sum(bin => bin.First * bin.First * bin.Second);
        greatest.ShouldBeInRange(second.Objective, second.Objective * 1.07);
        first.Version.ShouldBe(1);
    }

    [Fact]
    public async Task A_model_with_densities_has_a_profile_of_them_too()
    {
        var options = new MixtureOptions { K = 3, Seed = 2, MaxIterations = 5, Contamination = 0.05 };
        TrainingReport report = await _client.Train(new TrainingRequest { Dataset = "points", Model = "g", Options = options });
        ModelPackage read = (await _client.Models.PackageAsync("g"))!;
        ScoreProfileDocument[] scores = JsonSerializer.Deserialize(read.Profile.Span, ContractJson.Default.ProfileFile)!.Profile.Scores;
        scores.Select(score => score.Name).ShouldBe(["distance", "log_density"]);
        scores[1].Counts.Sum().ShouldBe(100_000);
        // As many rows lie below the threshold as training was told to flag, but for the bin that it is in.
        double threshold = report.Measured("threshold")!.Value;
        long below = scores[1].Edges.Zip(scores[1].Counts).Where(bin => bin.First <= threshold).Sum(bin => bin.Second);
        long about = scores[1].Edges.Zip(scores[1].Counts).Where(bin => bin.First > threshold).MinBy(bin => bin.First).Second;
        5_000L.ShouldBeInRange(below - 50, below + about + 50);
    }

    [Fact]
    public async Task Listing_and_resolving_read_no_report_and_serving_reads_the_package_alone()
    {
        TrainingReport report = await _client.Train(Rows.Request("points", "m"));
        string hash = Package(await _client.Models.PackageAsync("m")).Training.Report;
        await _cluster.Service<IBlobStore>().TryDelete(hash);
        ModelOutline model = (await _client.Models.ListAsync()).ShouldHaveSingleItem();
        model.Columns.ShouldBe(["x1", "x2"]);
        VersionFacts facts = model.Versions.ShouldHaveSingleItem().Facts;
        (facts.Family, facts.K, facts.Rows, facts.Digest, facts.Objective, facts.Seed, facts.Restarts)
            .ShouldBe(("kmeans", 5, 100_000, report.Digest, report.Objective, 7ul, 2));
        (await _client.Models.AssignAsync("m", 1, new RowsPayload { Precision = "f4", Columns = 2, Values = new byte[8] })).Version.ShouldBe(1);
        (await _client.Models.ParametersAsync("m"))!.Labels.ShouldBe([0, 1, 2, 3, 4]);
        await Should.ThrowAsync<ClusteringException>(_client.Models.VersionAsync("m", 1));
    }

    [Fact]
    public async Task A_version_that_is_pruned_takes_package_and_profile_with_it()
    {
        await _client.Train(Rows.Request("points", "m"));
        await _client.Train(Rows.Request("points", "m", k: 3));
        ModelPackage first = (await _client.Models.PackageAsync("m", 1))!;
        string profile = Package(first).Profile;
        (await Blobs()).ShouldContain(first.Hash);
        (await Blobs()).ShouldContain(profile);
        ModelChange change = _client.Models.Change((await _client.Models.FindAsync("m"))!.Info);
        await _client.Models.PruneAsync("m", change, new RetentionPolicy { Keep = 1 });
        (await Blobs()).ShouldNotContain(first.Hash);
        (await Blobs()).ShouldNotContain(profile);
        (await Should.ThrowAsync<ClusteringException>(_client.Models.PackageAsync("m", 1))).Message.ShouldContain("was pruned");
        Package(await _client.Models.PackageAsync("m", 2)).K.ShouldBe(3);
    }

    [Theory]
    [InlineData("\"format\":1", "\"format\":2", "has format 2")]
    [InlineData("\"steps\":[]", "\"steps\":[{\"step\":\"wash\"}],\"inputs\":[{\"name\":\"x\"}]",
        "prepared in a way that this program does not know: version 1, wash")]
    [InlineData("\"format\":1", "\"format\":", "The package cannot be read")]
    public void A_package_that_only_a_newer_program_can_use_is_refused(string from, string to, string why)
    {
        string written = System.Text.Encoding.UTF8.GetString(OrleansCluster.Json.PackageEncoding.Encode(new PackageDocument { Model = "m" }));
        written.ShouldContain(from);
        Should.Throw<ClusteringException>(() =>
            OrleansCluster.Json.PackageEncoding.Decode(System.Text.Encoding.UTF8.GetBytes(written.Replace(from, to)))).Message.ShouldContain(why);
    }

    private static PackageDocument Package(ModelPackage? read) => JsonSerializer.Deserialize(read!.Manifest.Span, ContractJson.Default.PackageDocument)!;

    private async Task<List<string>> Blobs() => await _cluster.Service<IBlobStore>().ListAsync().ToListAsync();

    private float[] Column(int column) => [.. _rows.Where((_, i) => i % 2 == column)];
}
