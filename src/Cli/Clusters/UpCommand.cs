using System.CommandLine;
using System.CommandLine.Parsing;
using System.Diagnostics;
using System.Globalization;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Silo.Clustering;
using OrleansCluster.Tenancy;
using OrleansCluster.Training;

namespace OrleansCluster.Cli.Clusters;

/// <summary><c>up</c>.</summary>
internal static class UpCommand
{
    private static readonly TimeSpan LongestStart = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LongestWaitForJob = TimeSpan.FromMinutes(10);

    public static Command Create()
    {
        Option<int> silos = OptionKinds.Integer("--silos", "Silo processes to start", 3, 1, 32);
        var killAfter = new Option<TimeSpan?>("--kill-after")
        {
            Description = "Stay, wait for a job to run, and kill one silo this long after, to see what happens: 5s, 500ms",
            HelpName = "TIME",
            CustomParser = ParseTime,
        };
        Option<string> store = OptionKinds.Choice(
            "--store",
            "redis: on redis-server; files: state in the home folder, for one machine; azure: the storage account of Cluster__Connection, else Azurite; "
                + "auto: redis when redis-server is there, else files",
            "auto", "auto", "redis", "files", "azure");
        return new Command("up", "Starts a cluster of silo processes on this machine, on the home folder") { silos, killAfter, store }
            .Runs(async (context, parsed) =>
        {
            (LocalCluster cluster, string place) = await StartAsync(context, parsed.GetValue(silos), parsed.GetValue(store)!).ConfigureAwait(false);
            await Console.Out.WriteLineAsync(cluster.Address).ConfigureAwait(false);
            await Console.Error.WriteLineAsync($"""
                {(cluster.Silos.Count == 1 ? "1 silo is" : $"{cluster.Silos.Count} silos are")} up{place}; logs: {LocalCluster.Folder(context.Home)}
                Use it:  {CommandLineName.Value} --cluster {cluster.Address} train …
                End it:  {context.Suggest("down")}
                """).ConfigureAwait(false);
            Task told = context.Verbose ? FollowAsync(context, cluster) : Task.CompletedTask;
            if (parsed.GetValue(killAfter) is { } delay)
                await KillOneAsync(context, cluster, delay).ConfigureAwait(false);
            await told.ConfigureAwait(false);
            return ExitCode.Success;
        }, here: true);
    }

    /// <summary>Tells what the silos tell, until Ctrl-C; the cluster stays.</summary>
    private static async Task FollowAsync(CommandContext context, LocalCluster cluster)
    {
        await Console.Error.WriteLineAsync("What the silos tell follows; Ctrl-C ends this, and the cluster stays up.").ConfigureAwait(false);
        try
        {
            string folder = LocalCluster.Folder(context.Home);
            await LogFollower.FollowAsync([.. cluster.Silos.Select(silo => (silo.Name, Path.Combine(folder, silo.Name + ".log")))], context.Cancellation)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // As told.
        }
    }

    private static async Task<(LocalCluster Cluster, string Place)> StartAsync(CommandContext context, int silos, string store)
    {
        if (LocalCluster.Read(context.Home) is { } running)
        {
            if (running.Silos.Any(silo => silo.Find() is not null))
                throw CommandException.Failure($"A cluster runs on {context.Home} already, at {running.Address}: end it first with {context.Suggest("down")}");
            await DownCommand.EndAsync(running).ConfigureAwait(false);
        }

        string folder = LocalCluster.Folder(context.Home);
        Directory.CreateDirectory(folder);
        int[] ports = Launcher.FreePorts(2 * silos);
        LocalStore on = await LocalStore.StartAsync(store, folder, ports[0], context.Cancellation).ConfigureAwait(false);
        int threads = context.Threads > 0 ? context.Threads : Math.Max(1, Environment.ProcessorCount / silos);
        var cluster = new LocalCluster("orleanscluster", [.. Enumerable.Range(0, silos).Select(i => StartSilo(i, folder, ports, on, threads))], on.Server);
        // Written first, so that 'down' finds also what does not come up.
        cluster.Write(context.Home);
        try
        {
            await WaitUntilUp(cluster, folder, context.Cancellation).ConfigureAwait(false);
        }
        catch
        {
            await DownCommand.EndAsync(cluster).ConfigureAwait(false);
            LocalCluster.Forget(context.Home);
            throw;
        }

        return (cluster, on.Place);
    }

    private static LocalProcess StartSilo(int index, string folder, int[] ports, LocalStore on, int threads)
    {
        (string program, string[] first) = Launcher.Self();
        (int siloPort, int gatewayPort) = (ports[2 * index], ports[(2 * index) + 1]);
        string name = "silo-" + Launcher.Text(index + 1), data = Path.Combine(folder, "data");
        string[] settings =
        [
            "Folder=" + data,
            "Cache=" + Path.Combine(data, "cache-" + Launcher.Text(index + 1)),
            "SiloPort=" + Launcher.Text(siloPort),
            "GatewayPort=" + Launcher.Text(gatewayPort),
            .. on.Settings,
        ];
        return Launcher.Start(name, gatewayPort, Path.Combine(folder, name + ".log"), on.Environment, program,
            [.. first, "silo", "--threads", Launcher.Text(threads), .. settings.SelectMany(setting => (string[])["--set", setting])]);
    }

    private static async Task WaitUntilUp(LocalCluster cluster, string folder, CancellationToken cancellation)
    {
        using var timer = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        timer.CancelAfter(LongestStart);
        try
        {
            Task<int> joined = JoinedSilos(cluster, timer.Token);
            while (!joined.IsCompleted)
            {
                if (cluster.Processes.FirstOrDefault(process => process.Find() is null) is { } ended)
                    throw CommandException.Failure($"{ended.Name} ended while it started. The end of its "
                        + $"log:{Environment.NewLine}{Launcher.Tail(Path.Combine(folder, ended.Name + ".log"))}");
                await Task.WhenAny(joined, Task.Delay(200, timer.Token)).ConfigureAwait(false);
            }

            await joined.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw CommandException.Failure($"The cluster did not come up within {LongestStart.TotalSeconds.ToString(CultureInfo.InvariantCulture)} seconds; "
                + $"logs: {folder}");
        }
        finally
        {
            await timer.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Ends when every silo takes part.</summary>
    private static async Task<int> JoinedSilos(LocalCluster cluster, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await using ClusterConnection connection = await ClusterConnection.OpenAsync(cluster.Address, cancellation).ConfigureAwait(false);
                while (await connection.CountSilosAsync().ConfigureAwait(false) is var count)
                {
                    if (count >= cluster.Silos.Count)
                        return count;
                    await Task.Delay(200, cancellation).ConfigureAwait(false);
                }
            }
            catch (ClusteringException)
            {
                await Task.Delay(200, cancellation).ConfigureAwait(false);
            }
        }
    }

    private static async Task KillOneAsync(CommandContext context, LocalCluster cluster, TimeSpan delay)
    {
        await using Session session = await ClusterSupport.ConnectAsync(cluster.Address, GrainKeys.DefaultTenant, context.Cancellation).ConfigureAwait(false);
        await Console.Error.WriteLineAsync("Waiting for a job to run…").ConfigureAwait(false);
        long begin = Stopwatch.GetTimestamp();
        while (!(await session.Client.Jobs.ListAsync(context.Cancellation).ConfigureAwait(false)).Any(job => job.State == JobState.Running))
        {
            if (Stopwatch.GetElapsedTime(begin) > LongestWaitForJob)
                throw CommandException.Failure("No job ran, so no silo was killed; the cluster is still up.");
            await Task.Delay(300, context.Cancellation).ConfigureAwait(false);
        }

        await Task.Delay(delay, context.Cancellation).ConfigureAwait(false);
        LocalProcess victim = cluster.Silos[^1];
        using Process? process = victim.Find();
        process?.Kill();
        await Console.Error.WriteLineAsync($"Killed {victim.Name}; jobs go on with the other silos.").ConfigureAwait(false);
    }

    private static TimeSpan? ParseTime(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        (string number, double unit) = text.EndsWith("ms", StringComparison.Ordinal) ? (text[..^2], 0.001) : (text.TrimEnd('s'), 1);
        if (double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value * unit <= 3600)
            return TimeSpan.FromSeconds(value * unit);
        result.AddError($"--kill-after {text} is no time: write 5s or 500ms, at most an hour.");
        return null;
    }
}
