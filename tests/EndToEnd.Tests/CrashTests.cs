using System.Globalization;
using System.Text.Json;
using OrleansCluster.Cli.Tests;

namespace OrleansCluster.EndToEnd.Tests;

/// <summary>Processes that end at any moment, by force or by Ctrl-C: the job goes on where it was and comes to the same bits.</summary>
public sealed class CrashTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Theory]
    [InlineData("kmeans", 1)]
    [InlineData("gmm", 1)]
    [InlineData("gmm-choice", 4)]
    public async Task A_job_whose_processes_are_killed_at_random_moments_comes_to_the_same_bits(string what, int numbers)
    {
        int kills = Number("CLUSTERING_KILLS", 5), seed = Number("CLUSTERING_KILL_SEED", Environment.TickCount);
        TestContext.Current.SendDiagnosticMessage($"CLUSTERING_KILL_SEED={seed}");
        var random = new Random(seed);
        using Workspace work = ClusterProgram.NewWorkspace();
        await LongJob.ImportAsync(work);
        int restarts = await LongJob.RestartsForAsync(work, seconds: 4, what);
        string expected = await LongJob.DigestAsync(work, restarts, what);

        for (int killed = 0; killed < kills;)
        {
            RunningProgram program = work.StartJson(LongJob.Arguments(restarts, what));
            string job = await program.Job.WaitAsync(Patience);
            for (; killed < kills; killed++)
            {
                // The moment is the point of this test: anywhere from the first instant to near the end.
                await Task.Delay(TimeSpan.FromSeconds(2 * random.NextDouble()));
                program.Kill();
                bool done = (await program.EndAsync(Patience)).ExitCode == 0;
                program.Dispose();
                program = work.StartJson("jobs", "resume", job);
                if (done)
                    break;
            }

            using (program)
            {
                JsonElement report = (await program.EndAsync(Patience)).Json;
                report.GetProperty("digest").GetString().ShouldBe(expected, $"CLUSTERING_KILL_SEED={seed}");
                report.GetProperty("restarts").GetArrayLength().ShouldBe(numbers * restarts);
            }
        }
    }

    [Fact]
    public async Task A_killed_job_is_listed_as_interrupted_and_goes_on_from_its_checkpoint()
    {
        using Workspace work = ClusterProgram.NewWorkspace();
        await LongJob.ImportAsync(work);
        int restarts = await LongJob.RestartsForAsync(work, seconds: 8);
        string job;
        using (RunningProgram program = work.StartJson(LongJob.Arguments(restarts)))
        {
            job = await program.Job.WaitAsync(Patience);
            await program.Progress.WaitAsync(Patience);
            program.Kill();
            await program.EndAsync(Patience);
        }

        (await LongJob.StateAsync(work, job)).ShouldBe("interrupted");
        JsonElement report = await work.JsonAsync("jobs", "resume", job);
        report.GetProperty("job").GetString().ShouldBe(job);
        report.GetProperty("resumed").GetInt32().ShouldBe(1);
        (await LongJob.StateAsync(work, job)).ShouldBe("succeeded");
        // Once more changes nothing: the report is what it was, and no second version is published.
        JsonElement again = await work.JsonAsync("jobs", "resume", job);
        again.GetProperty("version").GetInt32().ShouldBe(report.GetProperty("version").GetInt32());
        again.GetProperty("digest").GetString().ShouldBe(report.GetProperty("digest").GetString());
    }

    [Fact]
    public async Task Ctrl_C_writes_a_checkpoint_and_says_how_to_go_on()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no way to send Ctrl-C to one process.");
        using Workspace work = ClusterProgram.NewWorkspace();
        await LongJob.ImportAsync(work);
        int restarts = await LongJob.RestartsForAsync(work, seconds: 8);
        string job;
        using (RunningProgram program = work.StartJson(LongJob.Arguments(restarts)))
        {
            job = await program.Job.WaitAsync(Patience);
            await program.Progress.WaitAsync(Patience);
            program.Interrupt();
            Outcome outcome = await program.EndAsync(Patience);
            outcome.ExitCode.ShouldBe(130, outcome.Error);
            outcome.Output.ShouldBeEmpty();
            outcome.Error.ShouldContain($"jobs resume {job} --home {work.Home}");
        }

        (await LongJob.StateAsync(work, job)).ShouldBe("interrupted");
        JsonElement report = await work.JsonAsync("jobs", "resume", job);
        report.GetProperty("digest").GetString().ShouldBe(await LongJob.DigestAsync(work, restarts));
    }

    [Fact]
    public async Task A_cancelled_job_publishes_nothing_and_cannot_be_resumed()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no way to send Ctrl-C to one process.");
        using Workspace work = ClusterProgram.NewWorkspace();
        await LongJob.ImportAsync(work);
        string job;
        using (RunningProgram program = work.StartJson(LongJob.Arguments(5_000)))
        {
            job = await program.Job.WaitAsync(Patience);
            await program.Progress.WaitAsync(Patience);
            program.Interrupt();
            await program.EndAsync(Patience);
        }

        (await work.JsonAsync("jobs", "cancel", job)).GetProperty("state").GetString().ShouldBe("cancelled");
        (await work.RunAsync("jobs", "resume", job)).Refused(2).ShouldContain("cancelled");
        (await work.JsonAsync("models", "list")).GetArrayLength().ShouldBe(0);
    }

    private static int Number(string variable, int otherwise) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : otherwise;
}
