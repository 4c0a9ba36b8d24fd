using System.Runtime.InteropServices;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Families.Mixtures;
using OrleansCluster.Grains.Tests.Fixtures;
using OrleansCluster.Models;
using OrleansCluster.Serving;
using OrleansCluster.Training;

namespace OrleansCluster.Grains.Tests.Serving;

public sealed class AssignTests : IAsyncLifetime
{
    private readonly float[] _values = Rows.Clouds(5000);
    private readonly SharedCluster.Tenant _tenant;
    private readonly ClusteringClient _client;

    public AssignTests(SharedCluster shared)
    {
        _tenant = shared.NewTenant();
        _client = _tenant.Client();
    }

    public async ValueTask InitializeAsync()
    {
        await _client.Import("points", _values);
        await _client.Train(Rows.Request("points", "m"));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task The_newest_version_answers_unless_another_is_named()
    {
        (await _client.Models.AssignAsync("m", 0, Payload(_values))).Version.ShouldBe(1);
        await _client.Train(Rows.Request("points", "m", k: 9));
        Assignments newest = await _client.Models.AssignAsync("m", 0, Payload(_values));
        newest.Version.ShouldBe(2);
        Rows.Labels(newest.Labels).Distinct().Order()
            .ShouldBe((await _client.Models.VersionAsync("m", 2))!.Training.Clusters.Select(cluster => cluster.Label).Order());
        Rows.Labels(newest.Labels).Distinct().Count().ShouldBe(9);
        Rows.Labels((await _client.Models.AssignAsync("m", 1, Payload(_values))).Labels).Max().ShouldBe(4);
    }

    [Fact]
    public async Task Float64_rows_answer_as_float32_rows_of_the_same_values_do()
    {
        double[] wide = [.. _values.Select(value => (double)value)];
        Assignments narrow = await _client.Models.AssignAsync("m", 0, Payload(_values));
        Assignments answer = await _client.Models.AssignAsync("m", 0,
            new RowsPayload { Precision = "f8", Columns = 2, Values = MemoryMarshal.AsBytes(wide.AsSpan()).ToArray() });
        Rows.Labels(answer.Labels).ShouldBe(Rows.Labels(narrow.Labels));
        Rows.Doubles(answer.Distances).ShouldBe(Rows.Doubles(narrow.Distances));
    }

    [Fact]
    public async Task Rows_that_do_not_fit_are_refused_with_what_to_change()
    {
        await Refused(_client.Models.AssignAsync("nothing", 0, Payload(_values)), "no model 'nothing'");
        await Refused(_client.Models.AssignAsync("m", 7, Payload(_values)), "no version 7 of the model 'm'");
        await Refused(_client.Models.AssignAsync("m", 0, Payload(_values) with { Columns = 4 }), "rows have 4 columns, the model has 2");
        await Refused(_client.Models.AssignAsync("m", 0, Payload(_values) with { Values = new byte[9] }), "not whole rows");
        await Refused(_client.Models.AssignAsync("m", 0, Payload(_values) with { Precision = "i4" }), "f4 or f8");
        await Refused(_client.Models.AssignAsync("m", 0, Payload([1, 2, 3, float.PositiveInfinity])),
            "Row 1, column 1 (both from 0): the value is not a finite number");
    }

    [Fact]
    public async Task A_shard_that_is_too_much_for_one_call_is_answered_in_pieces()
    {
        using var home = new TemporaryHome();
        await using ClusterFixture cluster =
            await ClusterFixture.StartAsync(new ClusterSetup { Home = home.Path, Serving = options => options.DistanceTermsPerCall = 10_000 });
        ClusteringClient client = cluster.Client();
        await client.Import("points", _values);
        await client.Train(Rows.Request("points", "m"));
        var labels = new List<int>();
        int pieces = 0;
        await foreach (Assignments piece in client.Models.AssignDatasetAsync("m", 0, "points", 0))
        {
            labels.AddRange(Rows.Labels(piece.Labels));
            pieces++;
        }

        pieces.ShouldBe(5);
        labels.ShouldBe(Rows.Labels((await client.Models.AssignAsync("m", 0, Payload(_values))).Labels));
    }

    [Fact]
    public async Task No_rows_are_answered_by_no_labels() =>
        (await _client.Models.AssignAsync("m", 0, Payload([]))).Labels.IsEmpty.ShouldBeTrue();

    [Theory]
    [InlineData("x1,x2,x3")]
    [InlineData("x2,x1")]
    [InlineData("other,x2,x1")]
    public async Task A_dataset_is_assigned_by_the_names_of_its_columns(string names)
    {
        string[] columns = names.Split(',');
        var wide = new float[_values.Length / 2 * columns.Length];
        for (int i = 0; i < _values.Length / 2; i++)
        {
            for (int j = 0; j < columns.Length; j++)
                wide[(i * columns.Length) + j] = columns[j] switch { "x1" => _values[i * 2], "x2" => _values[(i * 2) + 1], _ => 1e9f };
        }

        await using (IDatasetImport import = await _client.Datasets.ImportAsync(Rows.Schema("wide") with { Columns = [.. columns] }))
        {
            await import.AppendAsync(MemoryMarshal.AsBytes(wide.AsSpan()).ToArray(), default, []);
            await import.CommitAsync();
        }

        var labels = new List<int>();
        await foreach (Assignments piece in _client.Models.AssignDatasetAsync("m", 0, "wide", 0))
            labels.AddRange(Rows.Labels(piece.Labels));
        labels.ShouldBe(Rows.Labels((await _client.Models.AssignAsync("m", 0, Payload(_values))).Labels));
    }

    [Fact]
    public async Task A_dataset_of_other_columns_is_refused()
    {
        await using (IDatasetImport import = await _client.Datasets.ImportAsync(Rows.Schema("wide") with { Columns = ["x1", "y"] }))
        {
            await import.AppendAsync(MemoryMarshal.AsBytes(_values.AsSpan()).ToArray(), default, []);
            await import.CommitAsync();
        }

        await Refused(Drain(_client.Models.AssignDatasetAsync("m", 0, "wide", 0)), "the dataset 'wide' version 1 lacks 'x2' of the columns of the model 'm'");
        await Refused(Drain(_client.Models.AssignDatasetAsync("m", 0, "nothing", 0)), "no dataset 'nothing'");
        await Refused(Drain(_client.Models.AssignDatasetAsync("nothing", 0, "wide", 0)), "no model 'nothing'");
    }

    [Theory]
    [InlineData(double.MaxValue)]
    [InlineData(-1e200)]
    [InlineData(1e155)]
    public async Task A_value_whose_square_leaves_float64_is_refused_by_row_and_column(double value)
    {
        await _client.Train(Rows.Request("points", "g") with { Options = new MixtureOptions { K = 3, Seed = 7 } });
        double[] rows = [1, 2, 3, 4, 5, value, 6, 7];
        var payload = new RowsPayload { Precision = "f8", Columns = 2, Values = MemoryMarshal.AsBytes(rows.AsSpan()).ToArray() };
        foreach (Func<Task> ask in new Func<Task>[]
        {
            () => _client.Models.AssignAsync("m", 0, payload),
            () => _client.Models.AssignAsync("m", 1, payload),
            () => _client.Models.AssignAsync("g", 0, payload),
            () => _client.Models.ScoreAsync("g", new ScoreQuery { Version = 1, Top = 3, Rows = payload }),
        })
        {
            ClusteringException refused = await Should.ThrowAsync<ClusteringException>(ask());
            (refused.Row, refused.Column).ShouldBe((2, 1));
            refused.Message.ShouldStartWith("Row 2, column 1 (both from 0): ");
            refused.Message.ShouldContain("float64 cannot hold");
        }

        // What is far away and has an answer is answered.
        rows[5] = 1e150;
        payload = payload with { Values = MemoryMarshal.AsBytes(rows.AsSpan()).ToArray() };
        Rows.Doubles((await _client.Models.AssignAsync("m", 0, payload)).Distances)[2].ShouldBe(1e150, 1e137);
        Rows.Doubles((await _client.Models.ScoreAsync("g", new ScoreQuery { Version = 1, Top = 3, Rows = payload })).LogDensities)
            .ShouldAllBe(density => double.IsFinite(density));
    }

    [Fact]
    public async Task Publishing_is_idempotent_by_job_and_checks_what_it_names()
    {
        IModelGrain model = _tenant.Grain<IModelGrain>("m");
        ModelVersion first = (await model.Get(1))!;
        (await model.Publish(new ModelPublication { Report = first.Training, Parameters = first.Parameters })).Version.ShouldBe(1);
        TrainingReport forged = first.Training with { Job = "other", Digest = new string('0', 64) };
        await Refused(model.Publish(new ModelPublication { Report = forged, Parameters = first.Parameters }), "do not have the digest");
        string nowhere = ContentHash.Of([1, 2, 3]);
        await Refused(model.Publish(new ModelPublication { Report = first.Training with { Job = "other" }, Parameters = nowhere }), nowhere);
        (await model.Summary())!.Versions.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_version_says_where_it_comes_from()
    {
        ModelVersion version = (await _client.Models.VersionAsync("m"))!;
        version.Training.Dataset.ShouldBe("points");
        version.Training.DatasetVersion.ShouldBe(1);
        version.Training.Options.Seed.ShouldBe(7ul);
        version.Training.Code.ShouldNotBeEmpty();
        version.Training.Iterations.ShouldNotBeEmpty();
        version.Training.Iterations.ShouldAllBe(iteration => iteration.Restart == version.Training.Iterations[0].Restart);
        version.Training.Iterations.Zip(version.Training.Iterations.Skip(1)).ShouldAllBe(pair => pair.Second.Objective <= pair.First.Objective);
        version.Training.Objective.ShouldBe(version.Training.Restarts.Min(restart => restart.Objective));
        (await _client.Models.ListAsync()).ShouldHaveSingleItem().Name.ShouldBe("m");
    }

    private static RowsPayload Payload(float[] values) => new() { Precision = "f4", Columns = 2, Values = MemoryMarshal.AsBytes(values.AsSpan()).ToArray() };

    private static async Task Refused(Task call, string why) => (await Should.ThrowAsync<ClusteringException>(call)).Message.ShouldContain(why);

    private static async Task Drain(IAsyncEnumerable<Assignments> answers)
    {
        await foreach (Assignments _ in answers)
        {
        }
    }
}
