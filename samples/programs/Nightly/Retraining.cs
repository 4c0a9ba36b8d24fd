using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using OrleansCluster;
using OrleansCluster.Client;
using OrleansCluster.Training;

namespace Samples.Nightly;

/// <summary>Retrains at two in the morning (UTC), or once and now.</summary>
internal sealed class Retraining(
    IClusteringClient client, IConfiguration settings, IHostApplicationLifetime program, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string model = settings["model"] ?? "timezones", dataset = settings["dataset"] ?? model;
        bool now = settings["now"] == "true";
        do
        {
            if (!now)
                await Task.Delay(Next(time.GetUtcNow()), time, stoppingToken);
            try
            {
                await RetrainAsync(model, dataset, stoppingToken);
            }
            catch (Exception e) when (e is ClusteringException or UnavailableException)
            {
                // Tomorrow is another night.
                Failed(model, e.Message);
            }
        }
        while (!now);
        program.StopApplication();
    }

    private static TimeSpan Next(DateTimeOffset now) => (now.TimeOfDay < Hour ? now.Date : now.Date.AddDays(1)) + Hour - now.UtcDateTime;

    private async Task RetrainAsync(string model, string dataset, CancellationToken stop)
    {
        // Under a name of the night, so that a program that was started again retrains once.
        string job = $"nightly-{model}-{time.GetUtcNow():yyyyMMdd}";
        if (await client.Jobs.FindAsync(job, stop) is null)
            await client.Jobs.RetrainAsync(new RetrainingOrder { Model = model, Dataset = dataset, By = "nightly" }, job, stop);
        await foreach (ProgressPage page in client.Jobs.WatchAsync(job, stop))
        {
            if (page.Status.State == JobState.Failed)
                Failed(model, page.Status.Error);
        }

        if (await client.Jobs.ReportAsync(job, stop) is { } report)
            Console.WriteLine($"{model} has version {report.Version}, {report.ObjectiveName} {report.Objective}: {report.Gate?.Verdict ?? "no policy"}");
    }

    private static void Failed(string model, string reason) => Console.Error.WriteLine($"{model} was not retrained: {reason}");
}
