using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;

namespace OrleansCluster.Web.Tests.Clients;

/// <summary>The programs of <c>samples/programs</c>, run as they are.</summary>
public sealed class SamplesTests(Service service)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_console_program_imports_trains_and_asks()
    {
        using Process program = Begin("Console", service.Address.ToString());
        string told = await program.StandardOutput.ReadToEndAsync(Stop);
        await program.WaitForExitAsync(Stop);
        program.ExitCode.ShouldBe(0, await program.StandardError.ReadToEndAsync(Stop));
        told.ShouldContain("dataset dogs version 1, 6 rows");
        // (25, 7.5) and (70, 127/3) are the centres of the two groups.
        told.ShouldContain(", 2.24 from its centre");
        told.ShouldContain(", 1.67 from its centre");
    }

    [Fact]
    public async Task The_web_program_asks_for_each_of_its_requests()
    {
        string model = await service.SharedAsync();
        using Process program = Begin("WebApi", "--urls", "http://127.0.0.1:0", "--model", model, "--service", service.Address.ToString());
        try
        {
            string? line;
            do
                line = await program.StandardOutput.ReadLineAsync(Stop);
            while (line is not null && !line.Contains("Now listening on: ", StringComparison.Ordinal));
            using var http = new HttpClient { BaseAddress = new Uri(line.ShouldNotBeNull().Split("Now listening on: ")[1].Trim()) };
            (await http.GetStringAsync("/health", Stop)).ShouldBe("Healthy");
            JsonElement answer = await (await http.PostAsJsonAsync("/cluster", new[] { 9.0, 0.0 }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop);
            answer.GetProperty("distance").GetDouble().ShouldBe(1, 1e-12);
            (await (await http.PostAsJsonAsync("/cluster", new[] { 9.0 }, Stop)).Content.ReadFromJsonAsync<JsonElement>(Stop))
                .GetProperty("status").GetInt32().ShouldBe(400);
        }
        finally
        {
            program.Kill();
        }
    }

    [Fact]
    public async Task The_nightly_program_retrains_under_a_name_of_the_night()
    {
        string model = await service.ModelAsync();
        using Process program = Begin("Nightly", "--model", model, "--dataset", model, "--service", service.Address.ToString(), "--now", "true");
        (await program.StandardOutput.ReadToEndAsync(Stop)).ShouldContain($"{model} has version 2, inertia ");
        await program.WaitForExitAsync(Stop);
        program.ExitCode.ShouldBe(0);
        (await service.Client.Jobs.ListAsync(Stop)).ShouldContain(
            job => job.Id.StartsWith($"nightly-{model}-", StringComparison.Ordinal) && job.Version == 2);
    }

    private static Process Begin(string name, params string[] arguments)
    {
        // Beside this test, in the same configuration.
        string here = Path.GetDirectoryName(typeof(SamplesTests).Assembly.Location)!;
        string program = Path.Combine(here, "..", "..", $"Samples.{name}", Path.GetFileName(here), $"Samples.{name}.dll");
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        foreach (string argument in (string[])[program, .. arguments])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }
}
