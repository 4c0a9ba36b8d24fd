using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using Microsoft.Extensions.Logging;
using OrleansCluster.Cli.Commands;
using OrleansCluster.Cli.Input;
using OrleansCluster.Cli.Output;
using OrleansCluster.Cli.Sessions;
using OrleansCluster.Client;
using OrleansCluster.Families;
using OrleansCluster.Monitoring;
using OrleansCluster.Silo.Alerts;
using OrleansCluster.Silo.Clustering;
using OrleansCluster.Tenancy;
using OrleansCluster.Web.Access;
using OrleansCluster.Web.Hosting;

namespace OrleansCluster.Cli.Clusters;

/// <summary><c>serve</c> and <c>web</c>: the service over HTTP, on the home folder or before a cluster.</summary>
internal static class ServeCommand
{
    public static IEnumerable<Command> Create()
    {
        var serve = ListenOptions.Always();
        var command = new Command("serve", "Answers over HTTP on the home folder until it is told to end: datasets, jobs, models and questions to them");
        serve.AddTo(command);
        var observe = new Option<string?>("--observe")
        {
            Description = "Length of the windows in which is observed what models are asked, one that divides a day; no: nothing is [default: 1h]",
            HelpName = "TIME|no",
        };
        command.Add(observe);
        var memory = new Option<string?>("--model-memory")
        {
            Description = "Bytes of models that are kept ready to answer, at least 1M; those used longest ago make room [default: 512M]",
            HelpName = "N",
        };
        command.Add(memory);
        var alerts = new AlertReceiverOptions();
        alerts.AddTo(command);
        yield return command.Runs((context, parsed) => context.Cluster is null
            ? ServeAsync(
                context, serve.Read(parsed)!, Window(parsed.GetValue(observe) ?? "1h"), alerts.Read(parsed), Memory(memory.Name, parsed.GetValue(memory)))
            : throw CommandException.Usage(
                $"serve answers on a home folder: before a cluster the command is web, as in {CommandLineName.Value} web --cluster ADDRESS."), here: true);
        var web = ListenOptions.Always();
        var front = new Command(
            "web", "Answers over HTTP before a cluster, named with --cluster, until it is told to end; it keeps nothing, and there may be many");
        web.AddTo(front);
        yield return front.Runs((context, parsed) => context.Cluster is not null
            ? ServeAsync(context, web.Read(parsed)!, observes: null, alerts: null)
            : throw CommandException.Usage("web answers before a cluster: name it with --cluster ADDRESS. On a home folder the command is serve."), here: true);
    }

    private static long? Memory(string option, string? text)
    {
        const long least = 1 << 20;
        if (text is null)
            return null;
        long bytes = QuotaOptions.Number(option, text);
        return bytes >= least ? bytes : throw CommandException.Usage($"{option} {text}: give at least 1M, as in 512M or 2G.");
    }

    private static TimeSpan? Window(string text)
    {
        if (text == "no")
            return null;
        TimeSpan window = ShareText.Duration(text);
        return WindowNames.Check(window)
            ? window
            : throw CommandException.Usage($"--observe {text}: windows are whole minutes that divide a day, as in 15m, 1h, 6h or 1d.");
    }

    private static async Task<int> ServeAsync(CommandContext context, Listening listening, TimeSpan? observes, AlertSettings? alerts, long? modelBytes = null)
    {
        using LogExport? logs = LogExport.Start();
        await using Session session = await context.OpenAsync(stays: true, resumes: true, observes, alerts, logs?.Provider(Secrets.Hide), modelBytes)
            .ConfigureAwait(false);
        if (session.Owner is { } owner)
            Terminal.Say($"{owner} has this home open and does the work; the service ends with it");
        await using (await StartAsync(context, listening, session, context.Cancellation, logs).ConfigureAwait(false))
            await StayAsync(context, session).ConfigureAwait(false);
        return ExitCode.Success;
    }

    /// <summary>Waits until it is told to end.</summary>
    /// <exception cref="CommandException">The process that did the work has ended.</exception>
    public static async Task StayAsync(CommandContext context, Session session)
    {
        while (!session.OwnerEnded && !context.Cancellation.IsCancellationRequested)
            await Task.Delay(TimeSpan.FromSeconds(1), context.Cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (session.OwnerEnded)
            throw CommandException.Failure($"{session.Owner}, which did the work, has ended: start this again.");
    }

    /// <summary>Begins to answer, and says where.</summary>
    public static async Task<WebServer> StartAsync(
        CommandContext context, Listening listening, Session session, CancellationToken cancellation, LogExport? logs = null)
    {
        (WebOptions options, bool keys, TokenIssuer? issuer) = listening;
        WebAccess? access = keys ? new WebAccess { Clients = session.ServedOf, Administration = session.Administration, Issuer = issuer } : null;
        ImmutableArray<FamilyDescription> descriptions = [.. context.Families.All.Select(family => family.Description)];
        // Commands name the home only where whoever looks at them is on this machine.
        if (IPAddress.IsLoopback(options.Address))
            options = options with { Suggest = context.Suggest };
        options = options with { Telemetry = true };
        WebServer server = await WebServer.StartAsync(
            options, () => session.ServedOf(context.Tenant), descriptions, logging => Log(logging, logs), access, cancellation).ConfigureAwait(false);
        bool reached = !IPAddress.IsLoopback(options.Address);
        if (reached && !keys)
            Terminal.Say($"WARNING: --insecure: everybody who reaches {options.Address} can read, train, change and delete everything here.");
        if (reached && options.Certificate is null)
            Terminal.Say($"WARNING: --insecure: whoever is on the way to {options.Address} can read along{(keys ? ", keys too" : "")}.");
        if (context.Json)
        {
            JsonReport.Print(json =>
            {
                json.WriteStartObject();
                json.WriteString("address", server.Address.ToString());
                json.WriteString("grpc", server.GrpcAddress?.ToString());
                json.WriteEndObject();
            });
            return server;
        }

        Terminal.Print($"Listening at {server.Address} (Ctrl-C ends it): open it in a browser, or try: curl "
            + $"{(keys ? "-H 'Authorization: Bearer KEY' " : "")}{server.Address}api/v1/models");
        if (keys && issuer is null && !await AnyKeyAsync(session.Administration, cancellation).ConfigureAwait(false))
            Terminal.Say($"Nobody has a key yet. Make one with: {context.Suggest("keys create --role admin")}");
        if (server.GrpcAddress is { } grpc)
            Terminal.Print($"gRPC at {grpc.Authority}");
        return server;
    }

    private static async Task<bool> AnyKeyAsync(IAdministration administration, CancellationToken cancellation)
    {
        foreach (TenantInfo tenant in await administration.TenantsAsync(cancellation).ConfigureAwait(false))
        {
            if (!(await administration.KeysAsync(tenant.Name, cancellation).ConfigureAwait(false)).IsEmpty)
                return true;
        }

        return false;
    }

    private static void Log(ILoggingBuilder logging, LogExport? logs)
    {
        logging.AddSiloLog([], onError: true);
        if (logs is not null)
            logging.AddProvider(logs.Provider(Secrets.Hide));
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // What cannot be started is told once, by whoever starts it.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    }
}
