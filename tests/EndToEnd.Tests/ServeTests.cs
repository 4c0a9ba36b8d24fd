using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using OrleansCluster.Cli.Tests;

namespace OrleansCluster.EndToEnd.Tests;

/// <summary>The service as a process of its own: it is killed, starts again on its home, and goes on; other commands join it; it ends in good order.</summary>
public sealed class ServeTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_service_that_is_killed_goes_on_with_its_jobs_when_it_starts_again()
    {
        using Workspace work = ClusterProgram.NewWorkspace();
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{FreePort()}"), Timeout = Patience };
        string port = http.BaseAddress.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        string job;
        using (RunningProgram first = work.StartJson("serve", "--port", port))
        {
            await ReadyAsync(http, first);
            var rows = new StringBuilder("x,y\n");
            var random = new Random(1);
            for (int i = 0; i < 20_000; i++)
                rows.Append(System.Globalization.CultureInfo.InvariantCulture, $"{random.NextDouble()},{random.NextDouble()}\n");
            (await http.PostAsync("/api/v1/datasets/rows", new StringContent(rows.ToString(), Encoding.UTF8, "text/csv"))).StatusCode.ShouldBe(
                HttpStatusCode.Created);
            const string request = """{"family": "kmeans", "dataset": "rows", "options": {"k": 30, "restarts": 40, "max_iterations": 60, "tolerance": 0}}""";
            using HttpResponseMessage started = await http.PostAsync("/api/v1/jobs", new StringContent(request, Encoding.UTF8, "application/json"));
            started.StatusCode.ShouldBe(HttpStatusCode.Accepted);
            job = JsonDocument.Parse(await started.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetString()!;
            // Another command joins the service.
            (await work.JsonAsync("jobs", "show", job)).GetProperty("id").GetString().ShouldBe(job);
            first.Kill();
            await first.EndAsync(Patience);
        }

        using RunningProgram second = work.StartJson("serve", "--port", port);
        await ReadyAsync(http, second);
        string events = await http.GetStringAsync($"/api/v1/jobs/{job}/events");
        events.ShouldContain("\"state\":\"succeeded\"");
        using HttpResponseMessage answer =
            await http.PostAsync("/api/v1/models/rows/assign", new StringContent("""{"rows": [[0.5, 0.5]]}""", Encoding.UTF8, "application/json"));
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        second.Interrupt();
        Outcome ended = await second.EndAsync(Patience);
        ended.ExitCode.ShouldBe(0, ended.Error);
        JsonDocument.Parse(ended.Output).RootElement.GetProperty("address").GetString().ShouldBe(http.BaseAddress.ToString());
    }

    [Fact]
    public async Task What_may_not_be_listened_at_is_refused_before_anything_starts()
    {
        using Workspace work = ClusterProgram.NewWorkspace();
        (await work.RunAsync("serve", "--listen", "0.0.0.0")).Refused(2).ShouldContain("insist with --insecure");
        (await work.RunAsync("serve", "--listen", "here")).Refused(2).ShouldContain("is no address");
        (await work.RunAsync("web")).Refused(2).ShouldContain("name it with --cluster ADDRESS");
        (await work.RunAsync("serve", "--cluster", "127.0.0.1:1")).Refused(2).ShouldContain("web --cluster ADDRESS");
        Directory.Exists(work.Home).ShouldBeFalse();
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        string port = ((IPEndPoint)taken.LocalEndpoint).Port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        (await work.RunAsync("serve", "--port", port)).Refused(1).ShouldContain($"Port {port} of 127.0.0.1 cannot be listened at");
    }

    private static async Task ReadyAsync(HttpClient http, RunningProgram program)
    {
        for (long begin = Environment.TickCount64; Environment.TickCount64 - begin < Patience.TotalMilliseconds && !program.HasEnded; await Task.Delay(50))
        {
            try
            {
                using HttpResponseMessage ready = await http.GetAsync("/health/ready");
                if (ready.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }
        }

        throw new TimeoutException($"The service is not ready. It said: {(await program.EndAsync(TimeSpan.FromSeconds(5))).Error}");
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
