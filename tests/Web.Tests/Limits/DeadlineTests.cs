using System.Diagnostics;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using OrleansCluster.Client;
using OrleansCluster.Client.Http;
using OrleansCluster.Compute;
using OrleansCluster.Web.Inference.Grpc.Wire;

namespace OrleansCluster.Web.Tests.Limits;

/// <summary>Requests that are waited for no longer than so long.</summary>
public sealed class DeadlineTests(Service service)
{
    [Fact]
    public async Task What_does_not_come_in_time_is_given_up_and_says_so()
    {
        string model = await service.SharedAsync();
        using var release = new ManualResetEventSlim();
        // So many rows that they are not computed where they are asked for.
        const int rows = 50_000;
        string question = $"{{\"rows\": [{string.Join(',', Enumerable.Repeat("[0, 0]", rows))}]}}";
        // The silo computes with one thread, which has something else to do.
        Task busy = service.Services.GetRequiredService<ICompute>().Run(ComputePriority.Serving, _ => release.Wait(TimeSpan.FromSeconds(20)));
        try
        {
            var clock = Stopwatch.StartNew();
            Answer late = await service.SendAsync(HttpMethod.Post, $"/api/v1/models/{model}/assign", question, ("X-Request-Timeout", "0.5"));
            late.Refused(504, "deadline-exceeded").ShouldContain("0.5 s");
            using var channel = GrpcChannel.ForAddress(service.GrpcAddress);
            var request = new ModelInferRequest { ModelName = model };
            request.Inputs.Add(new ModelInferRequest.Types.InferInputTensor
            {
                Name = "rows",
                Datatype = "FP64",
                Shape = { rows, 2 },
                Contents = new InferTensorContents { Fp64Contents = { new double[2 * rows] } },
            });
            RpcException e = await Should.ThrowAsync<RpcException>(new GRPCInferenceService.GRPCInferenceServiceClient(channel)
                .ModelInferAsync(request, deadline: DateTime.UtcNow.AddSeconds(0.2)).ResponseAsync);
            e.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
            using var client = new ClusteringClient(new ServiceOptions { Address = service.Address, Retries = 0, Timeout = TimeSpan.FromSeconds(0.2) });
            await Should.ThrowAsync<UnavailableException>(client.Models.AssignAsync(model, 0, RowsPayloads.Of(new double[2 * rows], 2)));
            clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15));
        }
        finally
        {
            release.Set();
        }

        await busy;
        (await service.SendAsync(HttpMethod.Post, $"/api/v1/models/{model}/assign", """{"rows": [[0, 0]]}""", ("X-Request-Timeout", "30"))).Succeeded();
        foreach (string none in (string[])["soon", "-1", "0", "1e9"])
        {
            (await service.SendAsync(HttpMethod.Get, "/api/v1/models", null, ("X-Request-Timeout", none))).Refused(400).ShouldContain($"'{none}'");
        }
    }
}
