using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Families;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Numerics.Tests.KMeans;
using OrleansCluster.Serving;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Models;

/// <summary>What a retraining does to the labels that a cluster answers, on public sets.</summary>
public sealed class RetrainTests(SharedCluster shared)
{
    private readonly ClusteringClient _client = shared.NewTenant().Client();

    [Theory]
    [InlineData("s1", 15)]
    [InlineData("a3", 50)]
    [InlineData("birch1", 100)]
    public async Task Warm_retrains_on_permuted_rows_keep_every_id(string set, int k)
    {
        float[] values = Read(set);
        await _client.Import("rows", values);
        await _client.Train(Request(k, seed: 1));
        ReadOnlyMemory<byte> centroids = (await _client.Models.ParametersAsync("m"))!.Centroids;
        await _client.Import("rows", Permute(values, seed: 5));
        // Centres in another order, so that an id is kept by alignment and not by its place.
        await _client.Train(Request(k, seed: 2) with { Options = new KMeansOptions { K = k, Init = "given", InitialCentroids = Reverse(centroids, 2) } });

        VersionAlignment alignment = (await _client.Models.AlignmentAsync("m", 2))!;
        alignment.Clusters.ShouldAllBe(cluster => !cluster.Born && cluster.SplitFrom == null && cluster.Label == k - 1 - cluster.Index);
        alignment.Died.ShouldBeEmpty();
        alignment.Churn.ShouldBeLessThan(0.02);
        int[] before = await Assign(values, 1), after = await Assign(values, 2);
        Changed(before, after).ShouldBeLessThan(0.02);
        after.Distinct().Order().ShouldBe(Enumerable.Range(0, k));
    }

    [Fact]
    public async Task A_threshold_of_anomalies_stays_when_asked_and_is_set_anew_else()
    {
        await _client.Import("rows", Groups((0, 0), (20, 20)));
        TrainingReport first = await _client.Train(Request(2, seed: 1) with { Options = new MixtureOptions { K = 2, Seed = 1 } });
        await _client.Import("rows", [.. Groups((0, 0), (20, 20)).Select(value => value * 1.3f)]);
        async Task<double> Threshold(bool keep, bool fresh)
        {
            var order = new RetrainingOrder { Model = "m", Dataset = "rows", KeepThreshold = keep, Fresh = fresh };
            string job = await _client.Jobs.RetrainAsync(order);
            (await _client.Finish(job)).State.ShouldBe(JobState.Succeeded);
            TrainingReport report = (await _client.Jobs.ReportAsync(job))!;
            var row = new RowsPayload { Precision = "f8", Columns = 2, Values = MemoryMarshal.AsBytes<double>(new double[] { 0, 0 }).ToArray() };
            double answered = (await _client.Models.ScoreAsync("m", new ScoreQuery { Rows = row, Version = report.Version, Top = 1 })).Threshold;
            answered.ShouldBe(Told(report));
            return answered;
        }

        double before = Told(first);
        (await Threshold(keep: true, fresh: false)).ShouldBe(before);
        (await Threshold(keep: true, fresh: true)).ShouldBe(before);
        (await Threshold(keep: false, fresh: false)).ShouldNotBe(before);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Clusters_that_became_one_or_two_are_merged_or_split_when_asked_and_the_diff_says_so(bool mixture)
    {
        // 0 and 1 move together, 2 falls apart; 3 stays.
        await _client.Import("rows", Groups((0, 0), (4, 0), (20, 20), (40, 0)));
        TrainingRequest request = Request(4, seed: 1);
        TrainingReport first = await _client.Train(mixture ? request with { Options = new MixtureOptions { K = 4, Seed = 1 } } : request);
        await _client.Import("rows", Groups((2, 0), (2.5, 0), (14, 20), (26, 20), (40, 0)));
        string job = await _client.Jobs.RetrainAsync(new RetrainingOrder { Model = "m", Dataset = "rows", Adapt = true });
        (await _client.Finish(job)).State.ShouldBe(JobState.Succeeded);
        TrainingReport report = (await _client.Jobs.ReportAsync(job))!;
        (first.K, report.K).ShouldBe((4, 4));
        report.Warnings[0].ShouldContain("had become one");
        report.Warnings[0].ShouldContain("had become two");
        VersionAlignment alignment = (await _client.Models.AlignmentAsync("m", 2))!;
        alignment.Clusters.Count(cluster => cluster.Born).ShouldBeGreaterThanOrEqualTo(1);
        await Should.ThrowAsync<ClusteringException>(
            _client.Jobs.RetrainAsync(new RetrainingOrder { Model = "m", Dataset = "rows", Adapt = true, Fresh = true }));
    }

    [Theory]
    [InlineData("s1", 2)]
    [InlineData("s1", 3)]
    [InlineData("s2", 2)]
    [InlineData("s2", 3)]
    public async Task Fresh_retrains_keep_the_label_of_95_rows_in_100_and_churn_is_what_the_labels_say(string set, ulong seed)
    {
        float[] values = Read(set);
        await _client.Import("rows", values);
        await _client.Train(Request(15, seed: 1));
        await _client.Train(Request(15, seed));
        int[] before = await Assign(values, 1), after = await Assign(values, 2);
        Changed(before, after).ShouldBeLessThan(0.05);

        // The anchor rows are one of each run of rows, so what they say is counted once more from the answers to those rows alone.
        VersionAlignment alignment = (await _client.Models.AlignmentAsync("m", 2))!;
        int rows = values.Length / 2;
        alignment.AnchorWeight.ShouldBe(Math.Min(rows, 4096));
        alignment.Churn.ShouldBe(Changed(before, after), 0.01);
        alignment.Flows.Sum(flow => flow.Weight).ShouldBe(alignment.AnchorWeight);
        alignment.Flows.Where(flow => flow.From != flow.To).Sum(flow => flow.Weight).ShouldBe(alignment.Churn * alignment.AnchorWeight, 1e-9);
    }

    [Fact]
    public async Task Where_every_row_is_an_anchor_row_the_churn_is_that_of_the_answers_to_the_last_row()
    {
        float[] values = Read("s1")[..(2 * 3900)];
        await _client.Import("rows", values);
        await _client.Train(Request(15, seed: 1, restarts: 1));
        await _client.Train(Request(13, seed: 9, restarts: 1));
        int[] before = await Assign(values, 1), after = await Assign(values, 2);
        VersionAlignment alignment = (await _client.Models.AlignmentAsync("m", 2))!;
        alignment.AnchorWeight.ShouldBe(3900);
        alignment.Churn.ShouldBe(Changed(before, after));
        alignment.Churn.ShouldBeGreaterThan(0);
        foreach (ClusterFlow flow in alignment.Flows)
            flow.Weight.ShouldBe(before.Zip(after).Count(row => row == (flow.From, flow.To)));
        foreach (ClusterLineage cluster in alignment.Clusters.Where(cluster => !cluster.Born))
        {
            double both = before.Zip(after).Count(row => row == (cluster.Label, cluster.Label));
            cluster.Jaccard!.Value.ShouldBe(both / (before.Count(label => label == cluster.Label) + after.Count(label => label == cluster.Label) - both),
                1e-12);
        }
    }

    [Fact]
    public async Task A_cluster_whose_rows_are_gone_is_dead_and_its_id_never_comes_back()
    {
        float[] values = Read("s1");
        await _client.Import("rows", values);
        await _client.Train(Request(15, seed: 1));
        await _client.Models.NameClusterAsync("m", _client.Models.Change((await _client.Models.FindAsync("m"))!.Info),
            new ClusterNote { Cluster = 6, Name = "the lost" });
        int[] before = await Assign(values, 1);
        float[] fewer = [.. Enumerable.Range(0, before.Length).Where(row => before[row] != 6).SelectMany(row => values[(2 * row)..((2 * row) + 2)])];
        await _client.Import("rows", fewer);
        await _client.Train(Request(14, seed: 2));
        VersionAlignment gone = (await _client.Models.AlignmentAsync("m", 2))!;
        gone.Died.ShouldHaveSingleItem().Label.ShouldBe(6);
        gone.Clusters.Select(cluster => cluster.Label).Order().ShouldBe(Enumerable.Range(0, 15).Where(id => id != 6));

        // The rows return, and with them the cluster: a new id.
        await _client.Import("rows", values);
        await _client.Train(Request(15, seed: 3));
        VersionAlignment back = (await _client.Models.AlignmentAsync("m", 3))!;
        ClusterLineage born = back.Clusters.Single(cluster => cluster.Born);
        born.Label.ShouldBe(15);
        (await Assign(values, 3)).ShouldNotContain(6);
        (await _client.Models.FindAsync("m"))!.Info.NextCluster.ShouldBe(16);

        // Beside each other, by ids alone: 6 went and 15 came, from the same rows.
        VersionAlignment whole = await _client.Models.CompareAsync("m", 1, 3);
        whole.Cost.ShouldBe("ids");
        whole.Died.ShouldHaveSingleItem().ShouldBe(new ClusterEnd { Label = 6, MergedInto = 15, MergedShare = whole.Died[0].MergedShare });
        whole.Clusters.ShouldContain(cluster => cluster.Label == 15 && cluster.Born);
    }

    [Fact]
    public async Task A_cluster_split_with_K_raised_is_reported_as_a_split()
    {
        float[] values = Read("s1");
        await _client.Import("rows", values);
        TrainingReport first = await _client.Train(Request(15, seed: 1));
        double[] centres = Rows.Doubles((await _client.Models.ParametersAsync("m"))!.Centroids);
        double spread = first.Clusters[4].Spread;
        double[] starts = [.. centres, centres[8] + spread, centres[9]];
        starts[8] -= spread;
        await _client.Train(Request(16,
            seed: 1) with
        { Options = new KMeansOptions { K = 16, Init = "given", InitialCentroids = MemoryMarshal.AsBytes<double>(starts).ToArray() } });
        VersionAlignment alignment = (await _client.Models.AlignmentAsync("m", 2))!;
        ClusterLineage born = alignment.Clusters.Single(cluster => cluster.Born);
        (born.Label, born.SplitFrom).ShouldBe((15, 4));
        born.SplitShare!.Value.ShouldBeGreaterThan(0.9);
        alignment.Died.ShouldBeEmpty();
        alignment.Clusters.ShouldContain(cluster => cluster.Label == 4 && !cluster.Born);
    }

    [Fact]
    public async Task A_mixture_keeps_its_ids_and_answers_them_in_scores_and_samples()
    {
        float[] values = Read("s1");
        await _client.Import("rows", values);
        var options = new MixtureOptions { K = 15, Restarts = 4, Seed = 1 };
        await _client.Train(new TrainingRequest { Dataset = "rows", Model = "g", Options = options });
        double[] means = Rows.Doubles((await _client.Models.ParametersAsync("g"))!.Centroids);
        await _client.Train(new TrainingRequest { Dataset = "rows", Model = "g", Options = options with { Seed = 2 } });
        VersionAlignment alignment = (await _client.Models.AlignmentAsync("g", 2))!;
        alignment.Cost.ShouldBe("bhattacharyya");
        ModelParameters second = (await _client.Models.ParametersAsync("g", 2))!;
        double[] now = Rows.Doubles(second.Centroids);
        alignment.Clusters.ShouldAllBe(cluster => !cluster.Born);
        second.Labels.Order().ShouldBe(Enumerable.Range(0, 15));
        second.Labels.ShouldNotBe(Enumerable.Range(0, 15));
        for (int place = 0; place < 15; place++)
        {
            int label = second.Labels[place];
            (Math.Abs(now[2 * place] - means[2 * label]) + Math.Abs(now[(2 * place) + 1] - means[(2 * label) + 1]))
                .ShouldBeLessThan(60_000, $"component {label}");
        }

        RowsPayload some = Payload(values[..2000]);
        int[] labels = Rows.Labels((await _client.Models.AssignAsync("g", 2, some)).Labels);
        Scores scores = await _client.Models.ScoreAsync("g", new ScoreQuery { Version = 2, Top = 2, Rows = some });
        Rows.Labels(scores.Components).Where((_, i) => i % 2 == 0).ShouldBe(labels);
        Samples drawn = await _client.Models.SampleAsync("g", new SampleQuery { Version = 2, Seed = 1, Component = 3, FirstRow = 0, Rows = 50 });
        Rows.Labels(drawn.Components).ShouldAllBe(component => component == 3);
        double mean = Rows.Doubles(drawn.Values).Where((_, i) => i % 2 == 0).Average();
        Math.Abs(mean - means[6]).ShouldBeLessThan(60_000, "rows of component 3 lie where version 1 has it");
    }

    private static TrainingRequest Request(int k, ulong seed, int restarts = 8) =>
        new() { Dataset = "rows", Model = "m", Options = new KMeansOptions { K = k, Restarts = restarts, Seed = seed, Init = "k-means++" } };

    private static double Told(TrainingReport report) => report.Measured(MeasureNames.Threshold)!.Value;

    /// <summary>500 rows about each point, of standard deviation 1.</summary>
    private static float[] Groups(params (double X, double Y)[] centres)
    {
        var random = new Random(2);
        double Draw() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return [.. Enumerable.Range(0, 500 * centres.Length).Select(i => centres[i % centres.Length])
            .SelectMany(centre => new[] { (float)(centre.X + Draw()), (float)(centre.Y + Draw()) })];
    }

    private static float[] Read(string set)
    {
        RowBlock rows = ReferenceData.Read(set);
        // Whole numbers below 2^24.
        return [.. rows.Float64.ToArray().Select(value => (float)value)];
    }

    private async Task<int[]> Assign(float[] values, int version)
    {
        var labels = new List<int>();
        foreach (float[] part in values.Chunk(100_000))
            labels.AddRange(Rows.Labels((await _client.Models.AssignAsync("m", version, Payload(part))).Labels));
        return [.. labels];
    }

    private static RowsPayload Payload(float[] values) => new() { Precision = "f4", Columns = 2, Values = MemoryMarshal.AsBytes<float>(values).ToArray() };

    private static double Changed(int[] before, int[] after) => before.Zip(after).Count(row => row.First != row.Second) / (double)before.Length;

    private static float[] Permute(float[] values, int seed)
    {
        int[] order = [.. Enumerable.Range(0, values.Length / 2)];
        new Random(seed).Shuffle(order);
        return [.. order.SelectMany(row => values[(2 * row)..((2 * row) + 2)])];
    }

    private static byte[] Reverse(ReadOnlyMemory<byte> centres, int columns)
    {
        double[] values = Rows.Doubles(centres);
        double[] turned = [.. values.Chunk(columns).Reverse().SelectMany(centre => centre)];
        return MemoryMarshal.AsBytes<double>(turned).ToArray();
    }
}
