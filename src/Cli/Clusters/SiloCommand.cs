using System.CommandLine;
using Microsoft.Extensions.Logging;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Monitoring;
using OrleansCluster.Silo.Clustering;
using OrleansCluster.Web.Hosting;

namespace OrleansCluster.Cli.Clusters;

/// <summary><c>silo</c>.</summary>
internal static class SiloCommand
{
    public static Command Create()
    {
        Option<string[]> settings = SettingOption.Create();
        ListenOptions listen = ListenOptions.WhenAsked();
        var command = new Command("silo",
            "Runs one silo of a cluster until it is told to end; settings: appsettings.json, environment (Cluster__KEY), --set") { settings };
        listen.AddTo(command);
        return command.Runs(async (context, parsed) =>
        {
            var overrides = SettingOption.Read(parsed.GetValue(settings)!).ToList();
            if (context.Threads > 0)
                overrides.Add(KeyValuePair.Create("Threads", (string?)context.Threads.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            using LogExport? logs = TelemetryNames.AreLogsWanted ? Log() : null;
            Func<IGrainFactory, CancellationToken, Task<IAsyncDisposable>>? beside = null;
            if (listen.Read(parsed) is { } listening)
            {
                beside = async (grains, stop) =>
                {
                    var session = new Session(NothingToEnd.Instance, grains, context.Tenant);
                    return await ServeCommand.StartAsync(context, listening, session, stop, logs).ConfigureAwait(false);
                };
            }

            // The service over HTTP has its own.
            using IDisposable? telemetry = beside is null && (TelemetryNames.AreMetricsWanted || TelemetryNames.AreTracesWanted) ? Telemetry() : null;
            Func<IReadOnlyList<string>, ILoggerProvider>? log = logs is null ? null : secrets => logs.Provider(text => Secrets.Hide(text, secrets));
            await ClusterSupport.WithSettings(() => SiloProcess.RunAsync(overrides, context.Families, beside, log, context.Cancellation))
                .ConfigureAwait(false);
            return ExitCode.Success;
        }, here: true);
    }

    /// <summary>Apart, because only who calls this loads what sends telemetry.</summary>
    private static LogExport? Log() => LogExport.Start();

    /// <inheritdoc cref="Log"/>
    private static TelemetryExport Telemetry() => TelemetryExport.Start(isScraped: false);

    /// <summary>The silo ends by itself.</summary>
    private sealed class NothingToEnd : IAsyncDisposable
    {
        public static readonly NothingToEnd Instance = new();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
