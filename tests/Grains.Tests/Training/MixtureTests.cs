using OrleansCluster.Client;
using OrleansCluster.Families;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Serving;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Training;

/// <summary>Gaussian mixtures through the same coordinator, reducers, partitions, models and assigners as k-means.</summary>
public sealed class MixtureTests
{
    private const int RowCount = 300_000;

    [Theory]
    [InlineData("full")]
    [InlineData("diag")]
    public async Task Threads_and_fan_in_change_no_bit(string covariance)
    {
        using var home = new TemporaryHome();
        float[] values = Rows.Clouds(RowCount);
        var digests = new List<string>();
        (int Threads, int FanIn)[] ways = [(1, 16), (2, 2), (3, 4)];
        foreach ((int threads, int fanIn) in ways)
        {
            await using ClusterFixture cluster = await ClusterFixture.StartAsync(new ClusterSetup
            {
                Home = home.Path,
                Silos = 2,
                Threads = threads,
                Training = options => options.FanIn = fanIn,
            });
            ClusteringClient client = cluster.Client();
            if (digests.Count == 0)
                (await client.Import("points", values)).Shards.ShouldBeGreaterThan(3);
            digests.Add((await client.Train(Request(covariance))).Digest);
        }

        digests.Distinct().ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(4, 5, 0)]
    [InlineData(9, 5, 0)]
    [InlineData(12, 2, 4)]
    public async Task Killed_at_a_write_and_gone_on_with_gives_the_same_bits_and_one_version(int write, int k, int largest)
    {
        TrainingRequest request = Request("full") with { Options = Request("full").Mixture() with { K = k, LargestK = largest, Restarts = 3 } };
        using var home = new TemporaryHome();
        string digest;
        await using (ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(home.Path)))
        {
            ClusteringClient client = cluster.Client();
            await client.Import("points", Rows.Clouds(20_000));
            digest = (await client.Train(request)).Digest;
        }

        using var crashed = new TemporaryHome();
        await using (ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(crashed.Path)))
            await cluster.Client().Import("points", Rows.Clouds(20_000));
        await RunUntilWriteFails(crashed.Path, request, new WriteFaults { FailFrom = write });
        await using (ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(crashed.Path)))
        {
            ClusteringClient client = cluster.Client();
            await Job(cluster).Start(request);
            await client.Jobs.ResumeAsync("job");
            JobStatus end = await client.Finish("job");
            end.State.ShouldBe(JobState.Succeeded, end.Error);
            (await client.Jobs.ReportAsync("job"))!.Digest.ShouldBe(digest);
            (await client.Models.FindAsync("model"))!.Versions.ShouldHaveSingleItem();
        }
    }

    [Fact]
    public async Task A_version_tells_its_mixture_assigns_scores_and_draws()
    {
        using var home = new TemporaryHome();
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(home.Path));
        ClusteringClient client = cluster.Client();
        float[] values = Rows.Clouds(20_000);
        await client.Import("points", values);
        TrainingReport report = await client.Train(Request("full"));

        report.ObjectiveName.ShouldBe("mean_log_likelihood");
        ((MixtureOptions)report.Options with { InitialMeans = default }).ShouldBe(Request("full").Options);
        report.PartMeasures.Single(measure => measure.Name == "weights").Values.Sum().ShouldBe(1, 1e-12);
        double likelihood = report.Measured("log_likelihood")!.Value;
        (likelihood / 20_000).ShouldBe(report.Objective, 1e-12);
        report.Measured("bic")!.Value.ShouldBe((-2 * likelihood) + (29 * Math.Log(20_000)), 1e-6);
        report.Measures.Where(measure => measure.Title.Length > 0).Select(measure => (measure.Title, measure.Better))
            .ShouldBe([("BIC", Better.Less), ("AIC", Better.Less), ("ICL", Better.Less)]);
        (report.Family.Name, report.Family.Part, report.Family.Objective).ShouldBe(("gmm", "component", "ln p(x)"));
        report.Family.ObjectiveRemark.ShouldBe("mean of a row, full covariances");
        report.Clusters.Sum(component => component.Size).ShouldBe(20_000);
        report.Iterations.Zip(report.Iterations.Skip(1)).ShouldAllBe(pair => pair.Second.Objective >= pair.First.Objective);
        ModelParameters parameters = (await client.Models.ParametersAsync("model"))!;
        parameters.CentroidsName.ShouldBe("means");
        parameters.Arrays.Select(array => $"{array.Name} {string.Join("×", array.Shape)}").ShouldBe(["weights 5", "covariances 5×2×2"]);
        parameters.Arrays[1].Values.Length.ShouldBe(5 * 4 * sizeof(double));
        parameters.Remarks.ShouldBe([new Remark { Name = "covariance", Text = "full" }]);
        parameters.Measures.Single().Value.ShouldBe(report.Measured(MeasureNames.Threshold)!.Value);

        Assignments[] assigned = await client.Models.AssignDatasetAsync("model", 0, "points", 0).ToArrayAsync();
        int[] labels = [.. assigned.SelectMany(shard => Rows.Labels(shard.Labels))];
        labels.CountBy(label => label).OrderBy(pair => pair.Key).Select(pair => (long)pair.Value).ShouldBe(report.Clusters.Select(component => component.Size));

        var rows = new RowsPayload { Precision = "f4", Columns = 2, Values = System.Runtime.InteropServices.MemoryMarshal.AsBytes(values.AsSpan()).ToArray() };
        Scores scores = await client.Models.ScoreAsync("model", new ScoreQuery { Version = 0, Top = 3, Rows = rows });
        Rows.Labels(scores.Components).Chunk(3).Select(row => row[0]).ShouldBe(labels);
        double[] densities = Rows.Doubles(scores.LogDensities);
        densities.Average().ShouldBe(report.Objective, 1e-9);
        Rows.Doubles(scores.Responsibilities).Chunk(3).ShouldAllBe(row => row.Sum() <= 1 + 1e-12 && row[0] >= row[1] && row[1] >= row[2]);
        // The contamination of 1 %, as exactly as the sketch of densities tells.
        densities.Count(density => density <= scores.Threshold).ShouldBeInRange(190, 215);

        double[] whole = await Drawn(client, 0, 100), rest = await Drawn(client, 60, 40);
        rest.ShouldBe(whole[120..]);
    }

    [Fact]
    public async Task Every_number_of_components_is_tried_and_the_best_by_the_criterion_kept()
    {
        using var home = new TemporaryHome();
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(home.Path));
        ClusteringClient client = cluster.Client();
        await client.Import("points", Rows.Clouds(5000));
        TrainingRequest request = Request("diag");
        TrainingReport report = await client.Train(request with { Options = request.Mixture() with { K = 2, LargestK = 4, Restarts = 2, Select = "aic" } });

        report.Selection.Select(tried => tried.K).ShouldBe([2, 3, 4]);
        report.Selection.ShouldAllBe(tried => tried.Value == tried.Criteria.Single(criterion => criterion.Name == "aic").Value);
        report.Selection.MinBy(tried => tried.Value)!.K.ShouldBe(report.K);
        report.Measured("aic").ShouldBe(report.Selection.Min(tried => tried.Value));
        report.Restarts.Select(restart => restart.Restart).ShouldBe([0, 1, 2, 3, 4, 5]);
        report.Iterations.ShouldNotBeEmpty();
        TrainingReport alone = await client.Train(request with { Options = request.Mixture() with { K = report.K, Restarts = 2 } });
        alone.Digest.ShouldBe(report.Digest);
    }

    [Fact]
    public async Task Versions_are_as_far_apart_as_their_densities_whatever_a_call_has_time_for()
    {
        using var home = new TemporaryHome();
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(home.Path));
        ClusteringClient client = cluster.Client();
        await client.Import("points", Rows.Clouds(3000));
        await client.Train(Request("full"));
        await client.Train(Request("full") with { Options = Request("full").Mixture() with { MaxIterations = 2 } });

        VersionDistances same = await client.Models.DistancesAsync("model", 1, 1);
        same.Clusters.Length.ShouldBe(5);
        same.Clusters.ShouldAllBe(one => one.Centres == 0 && one.Bhattacharyya < 1e-12 && one.Wasserstein == 0);
        VersionDistances apart = await client.Models.DistancesAsync("model", 1, 2);
        (apart.From, apart.To).ShouldBe((1, 2));
        apart.Clusters.ShouldAllBe(one => one.Wasserstein >= one.Centres && one.Bhattacharyya > 0);
        (await client.Models.DivergenceAsync("model", 1, 1, 500)).Value.ShouldBe(0);

        DivergenceEstimate divergence = await client.Models.DivergenceAsync("model", 1, 2, 20_000, 5);
        divergence.Rows.ShouldBe(20_000);
        divergence.Value.ShouldBeGreaterThan(0);
        divergence.StandardError().ShouldBeInRange(divergence.Value / 1000, divergence.Value);
        // As drawn and scored one by one.
        Samples drawn = await client.Models.SampleAsync("model", new SampleQuery { Version = 1, Seed = 5, FirstRow = 0, Rows = 20_000 });
        var rows = new RowsPayload { Precision = "f8", Columns = 2, Values = drawn.Values };
        double[] own = Rows.Doubles((await client.Models.ScoreAsync("model", new ScoreQuery { Version = 1, Top = 1, Rows = rows })).LogDensities);
        double[] other = Rows.Doubles((await client.Models.ScoreAsync("model", new ScoreQuery { Version = 2, Top = 1, Rows = rows })).LogDensities);
        divergence.Value.ShouldBe(own.Zip(other).Average(pair => pair.First - pair.Second), 1e-12);
    }

    [Fact]
    public async Task A_divergence_is_put_together_from_many_calls()
    {
        using var home = new TemporaryHome();
        await using ClusterFixture cluster =
            await ClusterFixture.StartAsync(Setup(home.Path) with { Serving = options => options.DistanceTermsPerCall = 20_000 });
        ClusteringClient client = cluster.Client();
        await client.Import("points", Rows.Clouds(3000));
        await client.Train(Request("diag"));
        await client.Train(Request("full"));
        DivergenceEstimate parts = await client.Models.DivergenceAsync("model", 1, 2, 3000, 5);
        var query = new DivergenceQuery { From = 1, To = 2, Seed = 5, FirstRow = 0, Rows = 3000 };
        IAssignerGrain assigner = cluster.Grains.GetGrain<IAssignerGrain>(GrainKeys.For("default", "model"));
        DivergenceEstimate first = await assigner.Diverge(query);
        first.Rows.ShouldBeLessThan(3000);
        double squares = 0, sum = 0;
        for (int row = 0; row < 3000; row++)
        {
            double one = (await assigner.Diverge(query with { FirstRow = row, Rows = 1 })).Value;
            sum += one;
            squares += one * one;
        }

        parts.Rows.ShouldBe(3000);
        parts.Value.ShouldBe(sum / 3000, 1e-12);
        parts.Squares.ShouldBe(squares - (sum * sum / 3000), 1e-9 * squares);
    }

    [Fact]
    public async Task Questions_that_a_model_cannot_answer_are_refused()
    {
        using var home = new TemporaryHome();
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(home.Path));
        ClusteringClient client = cluster.Client();
        await client.Import("points", Rows.Clouds(1000));
        await client.Train(Rows.Request("points", "hard"));
        await client.Train(Request("diag"));
        var rows = new RowsPayload { Precision = "f8", Columns = 2, Values = new byte[16] };

        await Refused(() => client.Models.DivergenceAsync("hard", 1, 1, 10), "(k-means) has no divergences: it has labels, distances");
        await Refused(() => client.Models.DistancesAsync("model", 1, 7), "no version 7");
        await Refused(() => client.Models.ScoreAsync("hard", new ScoreQuery { Version = 0, Top = 1, Rows = rows }),
            "(k-means) has no densities and no responsibilities");
        await Refused(() => client.Models.SampleAsync("model", new SampleQuery { Version = 0, Seed = 1, FirstRow = 0, Rows = 1, Component = 5 }), "0 … 4");
        await Refused(() => client.Jobs.StartAsync(new TrainingRequest { Dataset = "points", Model = "none" }), "options of no family");
        await Refused(() => client.Jobs.StartAsync(Request("round")), "covariance is 'round'");
        await Refused(() => client.Jobs.StartAsync(Request("full") with { Options = new MixtureOptions { K = 1001 } }), "only 1000 distinct values");
    }

    private static TrainingRequest Request(string covariance) => new()
    {
        Dataset = "points",
        Model = "model",
        Options = new MixtureOptions { K = 5, Covariance = covariance, Seed = 7, MaxIterations = 8, Tolerance = 0 },
    };

    private static ClusterSetup Setup(string home) => new() { Home = home, Training = options => options.CheckpointInterval = TimeSpan.Zero };

    private static ITrainingGrain Job(ClusterFixture cluster) => cluster.Grains.GetGrain<ITrainingGrain>(GrainKeys.For("default", "job"));

    private static async Task RunUntilWriteFails(string home, TrainingRequest request, WriteFaults faults)
    {
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(Setup(home) with { Faults = faults });
        try
        {
            await Job(cluster).Start(request);
            await cluster.Client().Finish("job");
        }
        catch (Exception e) when (e is ClusteringException or OrleansException)
        {
            // The write that failed was one of the start's own.
        }

        await cluster.KillAsync();
    }

    private static async Task<double[]> Drawn(ClusteringClient client, long first, int rows) =>
        Rows.Doubles((await client.Models.SampleAsync("model", new SampleQuery { Version = 0, Seed = 9, FirstRow = first, Rows = rows })).Values);

    private static async Task Refused(Func<Task> ask, string why) => (await Should.ThrowAsync<ClusteringException>(ask)).Message.ShouldContain(why);
}
