using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using OrleansCluster.Client;
using OrleansCluster.Contracts;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Numerics.Parallelism;
using OrleansCluster.Numerics.Preparation;
using OrleansCluster.Numerics.Rows;
using OrleansCluster.Serving;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Preparation;

/// <summary>Models that prepare their rows: in training, when they are asked, and when they are trained again, to the same bits.</summary>
public sealed class PreparedModelTests
{
    private const int RowCount = 150_000;

    [Fact]
    public async Task Threads_fan_in_and_kills_change_no_bit()
    {
        using var home = new TemporaryHome();
        double[] values = PreparedTable.Values(RowCount);
        var digests = new List<string>();
        foreach ((int threads, int fanIn) in new[] { (1, 16), (2, 2) })
        {
            await using ClusterFixture cluster = await ClusterFixture.StartAsync(
                new ClusterSetup { Home = home.Path, Threads = threads, Training = options => options.FanIn = fanIn });
            ClusteringClient client = cluster.Client();
            (await PreparedTable.Import(client, "people", values)).Version.ShouldBe(1);
            digests.Add((await client.Train(PreparedTable.Request("people", $"model{threads}"))).Digest);
        }

        // Killed after a few writes, and gone on with by another cluster.
        for (int write = 2; write < 9; write += 3)
        {
            var faults = new WriteFaults { FailFrom = write };
            ClusterFixture dying = await ClusterFixture.StartAsync(
                new ClusterSetup { Home = home.Path, Faults = faults, Training = options => options.CheckpointInterval = TimeSpan.Zero });
            string job = $"job{write}";
            try
            {
                await dying.Grains.GetGrain<ITrainingGrain>($"default/{job}").Start(PreparedTable.Request("people", $"killed{write}"));
                await dying.Client().Finish(job);
            }
            catch (Exception e) when (e is ClusteringException or Orleans.Runtime.OrleansException or TimeoutException or IOException)
            {
                // As it should.
            }

            await dying.KillAsync();
            await using ClusterFixture cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = home.Path });
            ClusteringClient client = cluster.Client();
            await cluster.Grains.GetGrain<ITrainingGrain>($"default/{job}").Start(PreparedTable.Request("people", $"killed{write}"));
            await client.Jobs.ResumeAsync(job);
            JobStatus end = await client.Finish(job);
            end.State.ShouldBe(JobState.Succeeded, end.Error);
            digests.Add((await client.Jobs.ReportAsync(job))!.Digest);
        }

        digests.Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Rows_are_prepared_to_the_same_bits_in_training_and_serving()
    {
        using var home = new TemporaryHome();
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = home.Path });
        ClusteringClient client = cluster.Client();
        double[] values = PreparedTable.Values(1000);
        await PreparedTable.Import(client, "people", values);
        TrainingReport report = await client.Train(PreparedTable.Request("people", "model"));

        report.AskedColumns().ShouldBe(PreparedTable.Names);
        report.Columns.ShouldAllBe(column => column.StartsWith("pc"));
        report.PreparationSteps.Length.ShouldBe(6);
        PackageDocument package = JsonSerializer.Deserialize((await client.Models.PackageAsync("model"))!.Manifest.Span, ContractJson.Default.PackageDocument)!;
        package.Preparation.Version.ShouldBe(2);
        package.Preparation.Inputs!.Select(input => input.Name).ShouldBe(PreparedTable.Names);

        // The same rows as a dataset, and as questions of one row each with a list of countries of their own: the same distances, to the bit.
        double[] whole = await Distances(client.Models.AssignDatasetAsync("model", 1, "people", 1));
        ImmutableArray<string> turned = [.. PreparedTable.Countries.Reverse()];
        for (int i = 0; i < 1000; i++)
        {
            double[] row = values[(5 * i)..((5 * i) + 5)];
            row[2] = double.IsNaN(row[2]) ? row[2] : 4 - row[2];
            Assignments one = await client.Models.AssignAsync("model", 0, PreparedTable.Question(row, turned));
            BitConverter.DoubleToInt64Bits(MemoryMarshal.Cast<byte, double>(one.Distances.Span)[0]).ShouldBe(BitConverter.DoubleToInt64Bits(whole[i]));
            one.Missing.ShouldBe(row.Count(double.IsNaN));
        }

        // And so would a preparation that was read back from the package have them.
        ModelParameters parameters = (await client.Models.ParametersAsync("model"))!;
        double[] centres = Rows.Doubles(parameters.Centroids);
        BoundPreparation bound = Fitted(package).Bind(PreparedTable.Columns(PreparedTable.Countries));
        RowBlock prepared = bound.Prepare(new RowBlock(values, 5), Sequential.Instance);
        for (int i = 0; i < 1000; i++)
        {
            double nearest = Enumerable.Range(0, 3).Min(
                c => Numerics.Distances.Distance.Squared(
                prepared.Float64.Span.Slice(i * prepared.Columns, prepared.Columns), centres.AsSpan(c * prepared.Columns, prepared.Columns)));
            Math.Sqrt(nearest).ShouldBe(whole[i]);
        }
    }

    [Fact]
    public async Task Centres_are_told_in_original_units()
    {
        using var home = new TemporaryHome();
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = home.Path });
        ClusteringClient client = cluster.Client();
        double[] values = PreparedTable.Values(3000);
        await PreparedTable.Import(client, "people", values);
        await client.Train(PreparedTable.Request("people", "model", "impute=median,scale=standard:age+income,onehot"));
        ModelParameters parameters = (await client.Models.ParametersAsync("model"))!;
        parameters.OriginalColumns.ShouldBe(["age", "income", "country=DE", "country=ES", "country=FR", "country=IT", "country=US", "member"]);
        double[] originals = Rows.Doubles(parameters.Originals);
        int[] labels = await Labels(client.Models.AssignDatasetAsync("model", 1, "people", 1));
        double median = Median(values.Where((_, at) => at % 5 == 0));
        for (int cluster0 = 0; cluster0 < 3; cluster0++)
        {
            double mean = Enumerable.Range(0, 3000)
                .Where(i => labels[i] == parameters.Labels[cluster0]).Average(i => double.IsNaN(values[5 * i]) ? median : values[5 * i]);
            originals[8 * cluster0].ShouldBe(mean, 1e-9 * mean);
        }
    }

    [Fact]
    public async Task A_retraining_keeps_the_preparation_and_another_one_is_refused()
    {
        using var home = new TemporaryHome();
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = home.Path });
        ClusteringClient client = cluster.Client();
        await PreparedTable.Import(client, "people", PreparedTable.Values(2000));
        await PreparedTable.Import(client, "later", PreparedTable.Values(2500, seed: 2));
        await client.Train(PreparedTable.Request("people", "model"));
        string job = await client.Jobs.RetrainAsync(new RetrainingOrder { Model = "model", Dataset = "later" });
        JobStatus end = await client.Finish(job);
        end.State.ShouldBe(JobState.Succeeded, end.Error);
        (await client.Train(PreparedTable.Request("later", "model"))).Version.ShouldBe(3);

        string[] preparations = new string[3];
        for (int version = 1; version <= 3; version++)
        {
            ModelPackage package = (await client.Models.PackageAsync("model", version))!;
            preparations[version - 1] = JsonSerializer.Serialize(
                JsonSerializer.Deserialize(package.Manifest.Span, ContractJson.Default.PackageDocument)!.Preparation,
                ContractJson.Default.PackageDocument.Options);
        }

        preparations.Distinct().ShouldHaveSingleItem();
        (await client.Models.AlignmentAsync("model", 2)).ShouldNotBeNull().AnchorWeight.ShouldBeGreaterThan(0);
        (await Should.ThrowAsync<ClusteringException>(() => client.Jobs.StartAsync(PreparedTable.Request("people", "model", "impute=mean"))))
            .Message.ShouldStartWith(
                $"The model 'model' prepares its rows with --prepare '{PreparedTable.Steps.Replace("country:3", "3:country", StringComparison.Ordinal)}'");
    }

    [Fact]
    public async Task Without_a_preparation_other_columns_are_left_out_with_a_warning_and_missing_numbers_refused()
    {
        using var home = new TemporaryHome();
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = home.Path });
        ClusteringClient client = cluster.Client();
        double[] values = PreparedTable.Values(500);
        await PreparedTable.Import(client, "gaps", values);
        (await Should.ThrowAsync<ClusteringException>(() => client.Jobs.StartAsync(PreparedTable.Request("gaps", "model", "")))).Message.ShouldBe(
            $"Column 'age' of the dataset 'gaps' has no value in {values.Where((value, at) => at % 5 == 0 && double.IsNaN(value)).Count()} of 500 rows: fill "
                + "them in with --prepare impute=median, or choose other columns with --columns.");
        await PreparedTable.Import(client, "whole", [.. values.Chunk(5).Where(row => !row.Any(double.IsNaN)).SelectMany(row => row)]);
        TrainingReport report = await client.Train(PreparedTable.Request("whole", "model", ""));
        report.Columns.ShouldBe(["age", "income", "member"]);
        report.Warnings.ShouldContain(
            "Left out, because they are no numbers: 'country' (category), 'joined' (datetime). To have them count, train another model with "
                + "--prepare 'onehot,cycle'.");
        report.Warnings.ShouldContain(
            warning => warning.StartsWith("Columns differ in scale ")
                && warning.EndsWith("If that is not meant, train another model with --prepare 'scale=standard'."));
        foreach (string covariance in new[] { "spherical", "diag" })
        {
            TrainingRequest mixture = PreparedTable.Request("whole", covariance, "") with { Options = new MixtureOptions { K = 2, Covariance = covariance } };
            (await client.Train(mixture)).Warnings.Any(warning => warning.StartsWith("Columns differ in scale ")).ShouldBe(covariance == "spherical");
        }
    }

    [Fact]
    public async Task Unknown_categories_and_values_that_nothing_fills_in_are_told()
    {
        using var home = new TemporaryHome();
        await using ClusterFixture cluster = await ClusterFixture.StartAsync(new ClusterSetup { Home = home.Path });
        ClusteringClient client = cluster.Client();
        await PreparedTable.Import(client, "whole", [.. PreparedTable.Values(600).Chunk(5).Where(row => !row.Any(double.IsNaN)).SelectMany(row => row)]);
        await client.Train(PreparedTable.Request("whole", "model", "scale=standard,onehot,select=age+income+\"country=DE\""));
        Assignments answer = await client.Models.AssignAsync(
            "model", 0, PreparedTable.Question([30, 40_000, 1, 0, 1e9, 31, 41_000, 0, 1, 1e9], ["DE", "Atlantis"]));
        (answer.Unknown, answer.Missing).ShouldBe((1, 0));
        ClusteringException refused = await Should.ThrowAsync<ClusteringException>(
            () => client.Models.AssignAsync("model", 0, PreparedTable.Question([30, 4e4, 0, 0, 1e9, 30, double.NaN, 0, 0, 1e9], ["DE"])));
        (refused.Row, refused.Column).ShouldBe((1, 1));
        (await Should.ThrowAsync<ClusteringException>(
            () => client.Models.AssignAsync("model", 0, PreparedTable.Question([30, 4e4, 7, 0, 1e9], ["DE"])))).Message.ShouldContain(
            "stands for none of the column's 1 categories");
        RowsPayload asked = PreparedTable.Question([30, 4e4, 0, 0, 1e9], ["DE"]);
        (await Should.ThrowAsync<ClusteringException>(
            () => client.Models.AssignAsync("model", 0, asked with { Types = asked.Types.SetItem(1, asked.Types[1] with { Name = "wage" }) })))
            .Message.ShouldContain("no column 'income'");
    }

    private static FittedPreparation Fitted(PackageDocument package) => new(
        [.. package.Preparation.Inputs!
            .Select(input => new RowColumn(input.Name, RowColumn.TypeOf(input.Type)!.Value) { Categories = [.. input.Categories ?? []] })],
        [.. package.Preparation.Steps.Select(step => new StepRecord(
            step.Step,
            step.Rows,
            step.Texts.ToImmutableSortedDictionary(list => list.Name, list => list.Values.ToImmutableArray()),
            step.Numbers.ToImmutableSortedDictionary(list => list.Name, list => list.Values.ToImmutableArray())))]);

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Where(value => !double.IsNaN(value)).Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static async Task<double[]> Distances(IAsyncEnumerable<Assignments> answers)
    {
        var distances = new List<double>();
        await foreach (Assignments answer in answers)
            distances.AddRange(Rows.Doubles(answer.Distances));
        return [.. distances];
    }

    private static async Task<int[]> Labels(IAsyncEnumerable<Assignments> answers)
    {
        var labels = new List<int>();
        await foreach (Assignments answer in answers)
            labels.AddRange(Rows.Labels(answer.Labels));
        return [.. labels];
    }
}
