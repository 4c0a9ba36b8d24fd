using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrleansCluster.Client;
using OrleansCluster.Client.Http;
using OrleansCluster.Serving;

namespace OrleansCluster.Web.Tests.Clients;

/// <summary>The client in programs: registered with their services, watched by their health, and asked about what they have at hand.</summary>
public sealed class ServicesTests(Service service)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_client_is_registered_over_http_and_over_the_programs_own_grain_factory()
    {
        string model = await service.SharedAsync();
        await using ServiceProvider http = new ServiceCollection().AddClusteringClient(service.Address).BuildServiceProvider();
        await using ServiceProvider grains = new ServiceCollection().AddSingleton(service.Grains).AddClusteringClient().BuildServiceProvider();
        foreach (ServiceProvider provider in (ServiceProvider[])[http, grains])
        {
            IClusteringClient client = provider.GetRequiredService<IClusteringClient>();
            provider.GetRequiredService<IClusteringClient>().ShouldBeSameAs(client);
            (await client.Models.FindAsync(model, Stop))!.Name.ShouldBe(model);
        }
    }

    [Fact]
    public async Task Health_is_that_of_what_is_asked()
    {
        string model = await service.SharedAsync();
        (await HealthAsync(service.Address, null)).Status.ShouldBe(HealthStatus.Healthy);
        (await HealthAsync(service.Address, model)).Status.ShouldBe(HealthStatus.Healthy);
        HealthReportEntry missing = await HealthAsync(service.Address, "nothing");
        (missing.Status, missing.Description).ShouldBe((HealthStatus.Unhealthy, "There is no model 'nothing'."));
        HealthReportEntry away = await HealthAsync(new Uri("http://127.0.0.1:1"), null);
        away.Status.ShouldBe(HealthStatus.Unhealthy);
        away.Description!.ShouldStartWith("The service at http://127.0.0.1:1/ does not answer: ");

        static async Task<HealthReportEntry> HealthAsync(Uri address, string? model)
        {
            IServiceCollection services = new ServiceCollection().AddLogging().AddClusteringClient(new ServiceOptions { Address = address, Retries = 0 });
            services.AddHealthChecks().AddClusteringClient(model);
            await using ServiceProvider provider = services.BuildServiceProvider();
            return (await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync(Stop)).Entries["clustering"];
        }
    }

    [Fact]
    public async Task Rows_that_arrive_together_travel_together_and_get_the_answers_that_they_would_get_alone()
    {
        string model = await service.SharedAsync();
        using var counted = new Counted();
        using var client = new ClusteringClient(new ServiceOptions { Address = service.Address, Handler = counted });
        double[,] rows = new double[300, 2];
        for (int i = 0; i < 300; i++)
            (rows[i, 0], rows[i, 1]) = (i % 12, i % 7 * 1.7);
        var assigner = new RowAssigner(client.Models, model);
        RowAssignment[] answers = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => assigner.AssignAsync([rows[i, 0], rows[i, 1]], Stop)));
        counted.Requests.ShouldBeLessThan(60);
        Assignments together = await service.Client.Models.AssignAsync(model, 0, RowsPayloads.Of(rows), Stop);
        answers.Select(answer => answer.Cluster).ShouldBe(MemoryMarshal.Cast<byte, int>(together.Labels.Span).ToArray());
        answers.Select(answer => answer.Distance).ShouldBe(MemoryMarshal.Cast<byte, double>(together.Distances.Span).ToArray());
        answers.ShouldAllBe(answer => answer.Version == 1);
    }

    [Fact]
    public async Task A_row_that_cannot_be_answered_takes_no_other_with_it()
    {
        string model = await service.SharedAsync();
        var assigner = new RowAssigner(service.Client.Models, model);
        Task<RowAssignment>[] asked =
        [
            assigner.AssignAsync([0.0, 0.5], Stop), assigner.AssignAsync([0.0, double.NaN], Stop), assigner.AssignAsync([1.0], Stop),
            assigner.AssignAsync([9f, 0f], Stop), assigner.AssignAsync([0.0, double.NaN], Stop), assigner.AssignAsync([0.0, 11.0], Stop),
        ];
        foreach (int bad in (int[])[1, 4])
        {
            ClusteringException why = await Should.ThrowAsync<ClusteringException>(asked[bad]);
            (why.Row, why.Column).ShouldBe((0, 1));
        }

        await Should.ThrowAsync<ClusteringException>(asked[2]);
        int[] labels = MemoryMarshal.Cast<byte, int>(
            (await service.Client.Models.AssignAsync(model, 0, RowsPayloads.Of([[0, 0.5], [9, 0], [0, 11]]), Stop)).Labels.Span).ToArray();
        (await asked[0], await asked[3], await asked[5]).ShouldSatisfyAllConditions(
            rows => rows.Item1.Cluster.ShouldBe(labels[0]), rows => rows.Item2.Cluster.ShouldBe(labels[1]), rows => rows.Item3.Cluster.ShouldBe(labels[2]));
        // And goes on.
        (await assigner.AssignAsync([0.0, 0.5], Stop)).Cluster.ShouldBe(labels[0]);
        await Should.ThrowAsync<OperationCanceledException>(assigner.AssignAsync([0.0, 0.5], new CancellationToken(true)));
        (await Should.ThrowAsync<ClusteringException>(new RowAssigner(service.Client.Models, "nothing").AssignAsync([0.0, 0.5], Stop))).Message
            .ShouldContain("'nothing'");
    }

    [Fact]
    public async Task Rows_do_not_wait_for_questions_that_do_not_come_back()
    {
        (var never, int asked) = (new TaskCompletionSource<Assignments>(), 0);
        var assigner = new RowAssigner(rows => Interlocked.Increment(ref asked) <= 2 ? never.Task : Task.FromResult(new Assignments
        {
            Version = 1,
            Labels = MemoryMarshal.AsBytes<int>([.. Enumerable.Range(0, rows.Questions)]).ToArray(),
            Distances = new byte[sizeof(double) * rows.Questions],
        }));
        Task<RowAssignment> first = assigner.AssignAsync([1.0], Stop);
        while (Volatile.Read(ref asked) < 1)
            await Task.Yield();
        Task<RowAssignment> second = assigner.AssignAsync([2.0], Stop);
        while (Volatile.Read(ref asked) < 2)
            await Task.Yield();
        // One after the other, so that none happens to wake another.
        for (int row = 0; row < 3; row++)
            (await assigner.AssignAsync([3.0], Stop).WaitAsync(TimeSpan.FromSeconds(20), Stop)).Version.ShouldBe(1);
        (first.IsCompleted, second.IsCompleted).ShouldBe((false, false));
    }

    [Fact]
    public async Task Of_rows_that_travel_together_those_to_blame_are_refused_and_each_counts_as_a_question()
    {
        var told = new System.Collections.Concurrent.ConcurrentQueue<(int Rows, int Questions)>();
        var assigner = new RowAssigner(async rows =>
        {
            // Long enough for all rows to come.
            await Task.Delay(told.IsEmpty ? 200 : 0, Stop);
            double[] values = MemoryMarshal.Cast<byte, double>(rows.Values.Span).ToArray();
            told.Enqueue((values.Length, rows.Questions));
            int bad = Array.FindIndex(values, double.IsNaN);
            return bad >= 0 ? throw new ClusteringException(bad, 0, "no number.") : new Assignments
            {
                Version = 1,
                Labels = MemoryMarshal.AsBytes<int>([.. values.Select(value => (int)value)]).ToArray(),
                Distances = MemoryMarshal.AsBytes<double>(values).ToArray(),
            };
        });
        Task<RowAssignment>[] asked = [.. Enumerable.Range(0, 100).Select(i => assigner.AssignAsync([i % 40 == 7 ? double.NaN : i], Stop))];
        for (int i = 0; i < asked.Length; i++)
        {
            if (i % 40 == 7)
                (await Should.ThrowAsync<ClusteringException>(asked[i])).Row.ShouldBe(0);
            else
                (await asked[i]).ShouldBe(new RowAssignment(i, i, 1));
        }

        told.ShouldAllBe(question => question.Rows == question.Questions);
        told.Count.ShouldBeLessThan(20);
    }

    [Fact]
    public void Rows_are_made_of_what_programs_have()
    {
        byte[] wide = MemoryMarshal.AsBytes<double>([1, 2, 3, 4]).ToArray(), narrow = MemoryMarshal.AsBytes<float>([1, 2, 3, 4]).ToArray();
        foreach (RowsPayload rows in (RowsPayload[])[RowsPayloads.Of([1.0, 2, 3, 4], 2), RowsPayloads.Of(new double[,] { { 1, 2 }, { 3, 4 } }),
            RowsPayloads.Of([[1, 2], [3, 4]]), RowsPayloads.Of(new double[] { 1, 2, 3, 4 }.AsMemory(), 2)])
        {
            (rows.Precision, rows.Columns).ShouldBe(("f8", 2));
            rows.Values.ToArray().ShouldBe(wide);
        }

        foreach (RowsPayload rows in (RowsPayload[])[RowsPayloads.Of([1f, 2, 3, 4], 2), RowsPayloads.Of(new float[,] { { 1, 2 }, { 3, 4 } }),
            RowsPayloads.Of(new float[] { 1, 2, 3, 4 }.AsMemory(), 2)])
        {
            (rows.Precision, rows.Columns).ShouldBe(("f4", 2));
            rows.Values.ToArray().ShouldBe(narrow);
        }

        Should.Throw<ClusteringException>(() => RowsPayloads.Of([1.0, 2, 3], 2)).Message.ShouldBe("3 values are not whole rows of 2 columns.");
        Should.Throw<ClusteringException>(() => RowsPayloads.Of([[1, 2], [3]])).Message.ShouldBe(
            "Row 1 (from 0) has 1 values and row 0 has 2: rows have as many as the model has columns.");
    }

    private sealed class Counted() : DelegatingHandler(new SocketsHttpHandler())
    {
        private int _requests;

        public int Requests => _requests;

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _requests);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
