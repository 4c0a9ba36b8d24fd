using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using OrleansCluster.Client;
using OrleansCluster.Datasets;
using OrleansCluster.Families.KMeans;
using OrleansCluster.Serving;
using OrleansCluster.Training;
using OrleansCluster.Web.Inference.Grpc.Wire;

namespace OrleansCluster.Cluster.Tests.Clusters;

/// <summary>
/// Asks small models, spread over the silos, one question after the other over HTTP and gRPC. An answer is right to the bit, or a problem that says what it is:
/// whatever else comes is remembered.
/// </summary>
internal sealed class Askers : IAsyncDisposable
{
    private const int Models = 8, Rows = 40;

    /// <summary>Every question must be over by then, answered or not; and is not normal when it takes long.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(4), Slow = TimeSpan.FromSeconds(1);

    private readonly HttpClient _http;
    private readonly GrpcChannel _channel;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<string> _wrong = new();
    private readonly ConcurrentQueue<string> _troubles = new();
    private readonly double[][] _rows;
    private readonly int[] _labels;
    private readonly double[] _distances;
    private Task _asking = Task.CompletedTask;
    private long _trouble = Stopwatch.GetTimestamp();
    private long _since;
    private int _answered, _refused;

    private Askers(FrontEnd front, double[][] rows, Assignments expected)
    {
        _http = new HttpClient { BaseAddress = front.Address };
        _http.DefaultRequestHeaders.Add("X-Request-Timeout", Deadline.TotalSeconds.ToString(CultureInfo.InvariantCulture));
        _channel = GrpcChannel.ForAddress(front.Grpc);
        _rows = rows;
        _labels = MemoryMarshal.Cast<byte, int>(expected.Labels.Span).ToArray();
        _distances = MemoryMarshal.Cast<byte, double>(expected.Distances.Span).ToArray();
    }

    /// <summary>Trains the models and begins to ask.</summary>
    public static async Task<Askers> StartAsync(ClusteringClient client, FrontEnd front)
    {
        double[][] rows = [.. Enumerable.Range(0, Rows).Select(i => new[] { (i % 4 * 10) + (i * 0.01), i % 3 * 7 })];
        await using (IDatasetImport import = await client.Datasets.ImportAsync(
            new DatasetSchema { Name = "few", Columns = ["x", "y"], Precision = "f8", Source = "made up" }))
        {
            await import.AppendAsync(MemoryMarshal.AsBytes<double>(rows.SelectMany(row => row).ToArray()).ToArray(), default, []);
            await import.CommitAsync();
        }

        await Task.WhenAll(Enumerable.Range(0, Models).Select(async number => await FinishAsync(client, await client.Jobs.StartAsync(new TrainingRequest
        {
            Dataset = "few",
            Model = Name(number),
            Options = new KMeansOptions { K = 5, Restarts = 1, Seed = 1, MaxIterations = 5 },
        }))));
        var askers = new Askers(front, rows, await client.Models.AssignAsync(Name(0), 0, RowsPayloads.Of(rows)));
        askers._asking = Task.WhenAll(Enumerable.Range(0, Models).SelectMany(
            model => new[] { askers.AskAllAsync(model, askers.OverHttpAsync), askers.AskAllAsync(model, askers.OverGrpcAsync) }));
        return askers;
    }

    /// <summary>Waits until everything has been normal for a while, which must come to pass in time. Nothing may ever have been wrong.</summary>
    public async Task SteadyAsync(TimeSpan steady, TimeSpan within)
    {
        long begun = Stopwatch.GetTimestamp();
        Volatile.Write(ref _trouble, begun);
        _since = begun;
        int before = _answered;
        // Silence is not normal either.
        while (Stopwatch.GetElapsedTime(Volatile.Read(ref _trouble)) < steady || _answered <= before + Models)
        {
            await Task.Delay(50);
            _wrong.ShouldBeEmpty();
            Stopwatch.GetElapsedTime(begun).ShouldBeLessThan(within, $"{_answered} answered, {_refused} refused:\n{string.Join('\n', _troubles)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _asking;
        _http.Dispose();
        _channel.Dispose();
        _stop.Dispose();
    }

    private static string Name(int number) => "ερώτηση-" + number.ToString(CultureInfo.InvariantCulture);

    private static async Task FinishAsync(ClusteringClient client, string job)
    {
        JobStatus? last = null;
        await foreach (ProgressPage page in client.Jobs.WatchAsync(job))
            last = page.Status;
        last!.State.ShouldBe(JobState.Succeeded, last.Error);
    }

    private void Trouble(string what)
    {
        Volatile.Write(ref _trouble, Stopwatch.GetTimestamp());
        _troubles.Enqueue($"{Stopwatch.GetElapsedTime(_since).TotalSeconds:0.0} s: {what}");
    }

    /// <summary>Never fails: what goes wrong is remembered.</summary>
    private async Task AskAllAsync(int model, Func<int, int, Task<string?>> ask)
    {
        for (int number = model; !_stop.IsCancellationRequested; number++)
        {
            long begun = Stopwatch.GetTimestamp();
            try
            {
                string? refused = await ask(model, number % Rows);
                Interlocked.Increment(ref refused is null ? ref _answered : ref _refused);
                if (refused is not null || Stopwatch.GetElapsedTime(begun) > Slow)
                    Trouble($"{ask.Method.Name} {model}: {refused} after {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");
                if (Stopwatch.GetElapsedTime(begun) > Deadline * 2)
                    _wrong.Enqueue($"A question took {Stopwatch.GetElapsedTime(begun)}: {refused}");
            }
            catch (Exception e)
            {
                _wrong.Enqueue(e.ToString());
            }

            // Much is not the point.
            await Task.Delay(5);
        }
    }

    /// <summary>Asks; what was refused, and how.</summary>
    private async Task<string?> OverHttpAsync(int model, int row)
    {
        string body = string.Create(CultureInfo.InvariantCulture, $"{{\"rows\": [[{_rows[row][0]:R}, {_rows[row][1]:R}]]}}");
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await _http.PostAsync(new Uri($"api/v1/models/{Name(model)}/assign", UriKind.Relative), content);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            response.StatusCode.ShouldBeOneOf(HttpStatusCode.ServiceUnavailable, HttpStatusCode.GatewayTimeout);
            response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
            JsonElement problem = await response.Content.ReadFromJsonAsync<JsonElement>();
            string kind = problem.GetProperty("type").GetString()!;
            kind.ShouldBeOneOf("urn:orleanscluster:unavailable", "urn:orleanscluster:deadline-exceeded");
            return kind;
        }

        JsonElement answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        (answer.GetProperty("labels")[0].GetInt32(), answer.GetProperty("distances")[0].GetDouble()).ShouldBe((_labels[row], _distances[row]));
        return null;
    }

    /// <inheritdoc cref="OverHttpAsync"/>
    private async Task<string?> OverGrpcAsync(int model, int row)
    {
        var request = new ModelInferRequest { ModelName = Name(model) };
        request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor { Name = "rows", Datatype = "FP64", Shape = { 1, 2 } });
        request.RawInputContents.Add(ByteString.CopyFrom(MemoryMarshal.AsBytes<double>(_rows[row]).ToArray()));
        try
        {
            ModelInferResponse answer = await new GRPCInferenceService.GRPCInferenceServiceClient(_channel)
                .ModelInferAsync(request, deadline: DateTime.UtcNow + Deadline);
            (BitConverter.ToInt32(answer.RawOutputContents[0].Span), BitConverter.ToDouble(answer.RawOutputContents[1].Span))
                .ShouldBe((_labels[row], _distances[row]));
            return null;
        }
        catch (RpcException refused)
        {
            refused.StatusCode.ShouldBeOneOf(StatusCode.Unavailable, StatusCode.DeadlineExceeded);
            return refused.Status.ToString();
        }
    }
}
